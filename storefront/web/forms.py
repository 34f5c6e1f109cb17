"""Reads what shoppers send: fields in, checked values out, all problems at once."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest

from storefront.accounts.emails import normalize_email
from storefront.errors import CardNumberRefused, InvalidForm
from storefront.fraud.card_numbers import contains_card_number
from storefront.payments.errors import CardNotFound
from storefront.payments.i18n import gettext_noop as _
from storefront.payments.methods import CARD
from storefront.shop.addresses import PREFIX, Address
from storefront.shop.checkout import PaymentChoice

TOKEN_ID = re.compile(r"tokn_(test_)?[0-9a-z]{1,64}")
CARD_ID = re.compile(r"card_(test_)?[0-9a-z]{1,64}")

#: The method of a form that stands for the installments of every bank.
INSTALLMENTS = "installments"

WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")

#: JSON can contain these, and a database cannot store them as text: NUL, and lone surrogates.
NOT_TEXT = re.compile("\\\\u0000|[\ud800-\udfff]")

NO_CARD = _("Enter your card details or choose a saved card.")
LOST_TOKEN = _("We did not receive your card details. Please enter them again.")
TWO_CARDS = _("Choose either a saved card or a new card.")
BAD_AMOUNT = _("The amount must be a whole number in the smallest currency unit.")


def request_fields() -> Mapping[str, Any]:
    """The fields of this request, from a form or a JSON object.

    Raises:
        BadRequest: if the body is declared as JSON and is no object, or contains what is not text.
        CardNumberRefused: if the JSON contains a card number with escaped digits.
    """
    if not request.is_json:
        return request.form
    try:
        body = request.get_json()
        plain = json.dumps(body, ensure_ascii=False)
    except RecursionError:
        raise BadRequest("The body is nested too deeply.") from None
    if contains_card_number(plain):
        raise CardNumberRefused
    if not isinstance(body, dict) or NOT_TEXT.search(plain):
        raise BadRequest("The body must be a JSON object.")
    return body


def get_text(fields: Mapping[str, Any], name: str) -> str:
    """The text of a field without surrounding spaces; empty if it is missing or no text."""
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def get_typed(name: str) -> str:
    """The text of a field, to be shown in the form again; empty if it contains a card number."""
    text = get_text(request.form, name)
    return "" if contains_card_number(text) else text


def get_quantity(fields: Mapping[str, Any], *, default: str | None = None) -> int:
    """The field `quantity`.

    Raises:
        InvalidForm: if it is not a whole number.
    """
    value = fields.get("quantity", default)
    return parse_whole_number(value, {"quantity": _("Enter a whole number.")})


def get_token(fields: Mapping[str, Any]) -> str:
    """The field `token` of a form without a saved card.

    Raises:
        InvalidForm: if it is missing, or not a token.
    """
    token = get_text(fields, "token")
    if not TOKEN_ID.fullmatch(token):
        raise InvalidForm({"token": LOST_TOKEN if token else _("Enter your card details.")})
    return token


def parse_whole_number(value: object, problem: dict[str, str]) -> int:
    """The whole number in a value of a form or of JSON.

    Raises:
        InvalidForm: with the problem, if it is no whole number.
    """
    if isinstance(value, bool) or not WHOLE_NUMBER.fullmatch(str(value).strip()):
        raise InvalidForm(problem)
    return int(str(value))


@dataclass(frozen=True, slots=True)
class ChargeForm:
    """The fields of `POST /charge`."""

    choice: PaymentChoice
    #: The cart that the page showed; None if the client did not say.
    cart_key: str | None
    #: Whether the member wants the address for the next order.
    save_address: bool = False

    @classmethod
    def parse(
        cls, fields: Mapping[str, Any], *, needs_email: bool, countries: Collection[str]
    ) -> "ChargeForm":
        """Check the fields.

        Args:
            fields: of a form, or of JSON; only a form must have an address.
            needs_email: whether the client has to send an email.
            countries: the codes of the countries that the shop delivers to; none if to nowhere.

        Raises:
            InvalidForm: with a message for each field that is not valid.
            CardNotFound: if the saved card cannot exist.
        """
        problems: dict[str, str] = {}
        email = _email(fields, needs_email, problems)
        address = _address(fields, countries, problems) if countries else None
        method, option = _method(fields)
        token, card = _card(fields, problems) if method == CARD else ("", "")
        amount = _amount(fields, problems)
        if problems:
            raise InvalidForm(problems)
        choice = PaymentChoice(
            method=method,
            option=option,
            token=token or None,
            card=card or None,
            save_card=bool(token) and _is_checked(fields, "save_card"),
            email=email,
            address=address,
            expected_amount=amount,
        )
        return cls(choice, get_text(fields, "cart") or None, _is_checked(fields, "save_address"))


def _method(fields: Mapping[str, Any]) -> tuple[str, str | None]:
    """The payment method, and the bank or the number of months that is chosen with it.

    In a form, all installments are one method, and the field `plan` has the bank and the months.
    """
    method = get_text(fields, "method") or CARD
    if method == INSTALLMENTS:
        method, _, option = get_text(fields, "plan").partition(" ")
        return method or INSTALLMENTS, option or None
    return method, get_text(fields, f"option-{method}") or get_text(fields, "option") or None


def _is_checked(fields: Mapping[str, Any], name: str) -> bool:
    return fields.get(name) in (True, "1", "true", "on")


def _email(fields: Mapping[str, Any], needed: bool, problems: dict[str, str]) -> str | None:
    value = get_text(fields, "email")
    if not value and not needed:
        return None
    try:
        return normalize_email(value)
    except InvalidForm as invalid:
        problems.update(invalid.problems)
        return None


def address_texts(fields: Mapping[str, Any]) -> dict[str, str]:
    """What was typed into the fields of an address, by the names of `Address`."""
    return {name: get_text(fields, PREFIX + name) for name in Address.model_fields}


def _address(
    fields: Mapping[str, Any], countries: Collection[str], problems: dict[str, str]
) -> Address | None:
    """The address of a form, or that of JSON, if there is one."""
    if request.is_json:
        given = fields.get("shipping")
        if given is None:
            return None
        given = given if isinstance(given, dict) else {}
    else:
        given = address_texts(fields)
    try:
        return Address.parse(given, countries)
    except InvalidForm as invalid:
        problems.update(invalid.problems)
        return None


def _card(fields: Mapping[str, Any], problems: dict[str, str]) -> tuple[str, str]:
    """The token of a new card and the id of a saved one; one of them is empty."""
    token, card = get_text(fields, "token"), get_text(fields, "card")
    if token and card:
        problems["card"] = TWO_CARDS
    elif not card and not TOKEN_ID.fullmatch(token):
        problems["token"] = LOST_TOKEN if fields.get("token") else NO_CARD
    elif card and not CARD_ID.fullmatch(card):
        raise CardNotFound
    return token, card


def _amount(fields: Mapping[str, Any], problems: dict[str, str]) -> int | None:
    value = fields.get("amount")
    if value in (None, ""):
        return None
    try:
        return parse_whole_number(value, {"amount": BAD_AMOUNT})
    except InvalidForm as invalid:
        problems.update(invalid.problems)
        return None

"""The one door for what shoppers send: fields in, checked values out, all problems at once."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest

from storefront.accounts.users import clean_email
from storefront.errors import CardNumberRefused, InvalidForm, UnknownCard
from storefront.fraud.card_numbers import looks_like_a_card
from storefront.payments.i18n import say
from storefront.payments.methods import CARD as BY_CARD
from storefront.payments.service import PaymentChoice

TOKEN = re.compile(r"tokn_(test_)?[0-9a-z]{1,64}")
CARD = re.compile(r"card_(test_)?[0-9a-z]{1,64}")

#: What JSON can write, but a database cannot keep as text: NUL, and halves of characters.
NO_TEXT = re.compile("\\\\u0000|[\ud800-\udfff]")

NO_CARD = say("Enter your card details or choose a saved card.")
LOST_TOKEN = say("We did not receive your card details. Please enter them again.")
BOTH = say("Choose either a saved card or a new card.")
BAD_AMOUNT = say("The amount must be a whole number in the smallest currency unit.")


def sent() -> Mapping[str, Any]:
    """The fields of this request, from a form or from a JSON object.

    Raises:
        BadRequest: when the body says that it is JSON but is no object, or one of what is no text.
        CardNumberRefused: when a card number is hidden in it by another way to write digits.
    """
    if not request.is_json:
        return request.form
    try:
        body = request.get_json()
        plain = json.dumps(body, ensure_ascii=False)
    except RecursionError:
        raise BadRequest("The body is nested too deeply.") from None
    if looks_like_a_card(plain):
        raise CardNumberRefused
    if not isinstance(body, dict) or NO_TEXT.search(plain):
        raise BadRequest("The body must be a JSON object.")
    return body


def whole_number(text: object, problem: dict[str, str]) -> int:
    """The whole number in a field.

    Raises:
        InvalidForm: when there is none.
    """
    if isinstance(text, bool) or not re.fullmatch(r"-?[0-9]{1,9}", str(text).strip()):
        raise InvalidForm(problem)
    return int(str(text))


def quantity(fields: Mapping[str, Any], *, otherwise: str | None = None) -> int:
    """How many; `otherwise` when the field is not there.

    Raises:
        InvalidForm: when it is no whole number.
    """
    return whole_number(
        fields.get("quantity", otherwise), {"quantity": say("Enter a whole number.")}
    )


def text(fields: Mapping[str, Any], name: str) -> str:
    """The field as text without spaces around it; nothing when it is missing or no text."""
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class ChargeForm:
    """What `POST /charge` takes: one token or one saved card, and what the shopper saw."""

    choice: PaymentChoice
    #: Which cart the page showed; None when the caller did not say.
    cart_key: str | None

    @classmethod
    def parse(cls, fields: Mapping[str, Any], *, needs_email: bool) -> "ChargeForm":
        """The checked form.

        Raises:
            InvalidForm: with a sentence for each field that cannot be used.
            UnknownCard: when the saved card cannot be one.
        """
        problems: dict[str, str] = {}
        email = _email(fields, needs_email, problems)
        method = text(fields, "method") or BY_CARD
        token, card = _means(fields, problems) if method == BY_CARD else ("", "")
        amount = _amount(fields, problems)
        if problems:
            raise InvalidForm(problems)
        choice = PaymentChoice(
            method=method,
            token=token or None,
            card=card or None,
            save_card=bool(token) and fields.get("save_card") in (True, "1", "true", "on"),
            email=email,
            seen_amount=amount,
        )
        return cls(choice, text(fields, "cart") or None)


def _email(fields: Mapping[str, Any], needed: bool, problems: dict[str, str]) -> str | None:
    given = text(fields, "email")
    if not given and not needed:
        return None
    try:
        return clean_email(given)
    except InvalidForm as invalid:
        problems.update(invalid.problems)
        return None


def _means(fields: Mapping[str, Any], problems: dict[str, str]) -> tuple[str, str]:
    token, card = text(fields, "token"), text(fields, "card")
    if token and card:
        problems["card"] = BOTH
    elif not card and not TOKEN.fullmatch(token):
        problems["token"] = LOST_TOKEN if fields.get("token") else NO_CARD
    elif card and not CARD.fullmatch(card):
        raise UnknownCard
    return token, card


def _amount(fields: Mapping[str, Any], problems: dict[str, str]) -> int | None:
    given = fields.get("amount")
    if given in (None, ""):
        return None
    try:
        return whole_number(given, {"amount": BAD_AMOUNT})
    except InvalidForm as invalid:
        problems.update(invalid.problems)
        return None


def token_of(fields: Mapping[str, Any]) -> str:
    """The token in a form that only brings one.

    Raises:
        InvalidForm: when there is none.
    """
    token = text(fields, "token")
    if not TOKEN.fullmatch(token):
        raise InvalidForm({"token": LOST_TOKEN if token else say("Enter your card details.")})
    return token

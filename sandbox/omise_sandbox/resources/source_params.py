"""Reads and validates the parameters of a new source.

Source: docs.omise.co/sources-api; messages from omise-ios.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from omise_sandbox.resources.api_call import Json
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import ApiError, join_messages
from omise_sandbox.rules.money import CURRENCIES
from omise_sandbox.rules.source_types import UNSUPPORTED_TYPES, SourceType, offered_in
from omise_sandbox.storage.records import Source
from omise_sandbox.storage.world import World

PLATFORMS = ("WEB", "IOS", "ANDROID")
TEXT_FIELDS = (
    "barcode",
    "bank",
    "email",
    "name",
    "mobile_number",
    "phone_number",
    "store_id",
    "store_name",
    "terminal_id",
    "promotion_code",
)
OBJECT_FIELDS = ("qr_settings", "billing", "shipping")
IMAGE_TYPES = ("png", "svg")
NAME_LENGTH = 10
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+").fullmatch
PHONE = re.compile(r"[0-9]{10,11}").fullmatch


def new_source(world: World, params: Json, ip: str | None) -> Source:
    """A new source, not yet stored. Raises 400 `bad_request` with all problems joined.

    Raises 501 for an unsupported type.
    """
    type_ = param_types.text(params, "type") or ""
    if type_ in UNSUPPORTED_TYPES:
        raise ApiError("not_imitated", f"sources of type {type_} are not supported")
    kind = offered_in(world.settings.currency).get(type_)
    currency = (param_types.text(params, "currency") or "").upper()
    amount = param_types.integer(params, "amount")
    problems = [
        *([] if kind else ["type is currently not supported"]),
        *_currency_problems(world, currency),
        *_amount_problems(amount, kind, world.settings.currency),
        *_field_problems(params, kind),
    ]
    if problems or amount is None or kind is None:
        raise ApiError("bad_request", join_messages(problems))
    return Source(
        id=world.new_id("src"),
        created_at=world.now(),
        type=type_,
        amount=amount,
        currency=currency,
        ip=param_types.text(params, "ip") or ip,
        platform_type=param_types.text(params, "platform_type") or None,
        details=_details(world, params, kind) or None,
    )


def _currency_problems(world: World, currency: str) -> list[str]:
    """A source is in the account's currency."""
    if currency not in CURRENCIES:
        return ["currency is currently not supported"]
    own = world.settings.currency
    return [] if currency == own else [f"currency must be {own}"]


def _amount_problems(amount: int | None, kind: SourceType | None, currency: str) -> list[str]:
    """The limits of the account's currency and of the type."""
    if amount is None:
        return ["amount is not a number"]
    if kind is None:
        return []
    limits = CURRENCIES[currency]
    minimum = max(kind.minimum, limits.minimum)
    if amount < minimum:
        return [f"amount must be greater than or equal to {minimum}"]
    if kind.below is not None and amount >= kind.below:
        return [f"amount must be less than {kind.below}"]
    if amount > limits.maximum:
        return [f"amount must be less than or equal to {limits.maximum}"]
    return []


def _field_problems(params: Json, kind: SourceType | None) -> list[str]:
    needs = kind.needs if kind else ()
    problems = [FIELDS[name](params, kind) for name in needs if kind]
    if "platform_type" not in needs and params.get("platform_type"):
        problems.append(_platform_problem(params, kind))
    image_type = (param_types.mapping(params, "qr_settings") or {}).get("image_type", "png")
    if image_type not in IMAGE_TYPES:
        problems.append("qr_settings image_type is not included in the list")
    return [problem for problem in problems if problem]


def _name_problem(params: Json, _: SourceType | None) -> str | None:
    name = param_types.text(params, "name") or ""
    if len(name) > NAME_LENGTH:
        return f"name is too long (maximum is {NAME_LENGTH} characters)"
    return None if name.strip() else "name cannot be blank"


def _email_problem(params: Json, _: SourceType | None) -> str | None:
    good = EMAIL(param_types.text(params, "email") or "")
    return None if good else "email is in invalid format"


def _phone_problem(params: Json, _: SourceType | None) -> str | None:
    good = PHONE(param_types.text(params, "phone_number") or "")
    return None if good else "phone_number must contain 10-11 digit characters"


def _term_problem(params: Json, kind: SourceType | None) -> str | None:
    """Message assumed."""
    term = param_types.integer(params, "installment_term")
    if term is None:
        return "installment_term is not a number"
    known = kind is not None and term in (kind.terms or ())
    return None if known else "installment_term is currently not supported"


def _platform_problem(params: Json, _: SourceType | None) -> str | None:
    """Message assumed."""
    platform = param_types.text(params, "platform_type")
    if not platform:
        return "platform_type cannot be blank"
    return None if platform in PLATFORMS else "platform_type is not included in the list"


def _presence_of(name: str) -> Callable[[Json, SourceType | None], str | None]:
    """Message assumed from that of the name."""
    return lambda params, _: None if param_types.text(params, name) else f"{name} cannot be blank"


#: Required field → its validator, which returns the problem.
FIELDS: dict[str, Callable[[Json, SourceType | None], str | None]] = {
    "name": _name_problem,
    "email": _email_problem,
    "phone_number": _phone_problem,
    "installment_term": _term_problem,
    "platform_type": _platform_problem,
    "bank": _presence_of("bank"),
    "barcode": _presence_of("barcode"),
}


def _details(world: World, params: Json, kind: SourceType) -> dict[str, Any]:
    details: dict[str, Any] = {name: param_types.text(params, name) for name in TEXT_FIELDS}
    details |= {name: param_types.mapping(params, name) for name in OBJECT_FIELDS}
    details["items"] = param_types.listing(params, "items")
    if kind.terms:
        default = world.settings.zero_interest_installments
        details["installment_term"] = param_types.integer(params, "installment_term")
        details["zero_interest_installments"] = param_types.flag(
            params, "zero_interest_installments", default
        )
    return _without_blanks(details)


def _without_blanks(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value not in (None, "", [], {})}

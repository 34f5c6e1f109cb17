"""Reads and checks the parameters of a new source (docs.omise.co/sources-api; words: omise-ios)."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from omise_sandbox.resources.api_call import Json
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import Refusal, joined
from omise_sandbox.rules.money import CURRENCIES
from omise_sandbox.rules.source_types import NOT_IMITATED_TYPES, SourceType, offered_in
from omise_sandbox.storage.records import Source
from omise_sandbox.storage.world import World

PLATFORMS = ("WEB", "IOS", "ANDROID")
TEXTS = (
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
TREES = ("qr_settings", "billing", "shipping")
IMAGE_TYPES = ("png", "svg")
NAME_LENGTH = 10
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+").fullmatch
PHONE = re.compile(r"[0-9]{10,11}").fullmatch


def new_source(world: World, wishes: Json, ip: str | None) -> Source:
    """A source, not yet saved. Raises 400 `bad_request` with all that is wrong, joined.

    Raises 501 for a type that is Omise's but not ours.
    """
    type_ = param_types.text(wishes, "type") or ""
    if type_ in NOT_IMITATED_TYPES:
        raise Refusal("not_imitated", f"sources of type {type_} are not imitated")
    kind = offered_in(world.settings.currency).get(type_)
    currency = (param_types.text(wishes, "currency") or "").upper()
    amount = param_types.integer(wishes, "amount")
    problems = [
        *([] if kind else ["type is currently not supported"]),
        *_currency_problems(world, currency),
        *_amount_problems(amount, kind, world.settings.currency),
        *_field_problems(wishes, kind),
    ]
    if problems or amount is None or kind is None:
        raise Refusal("bad_request", joined(problems))
    return Source(
        id=world.new_id("src"),
        created_at=world.now(),
        type=type_,
        amount=amount,
        currency=currency,
        ip=param_types.text(wishes, "ip") or ip,
        platform_type=param_types.text(wishes, "platform_type") or None,
        details=_details(world, wishes, kind) or None,
    )


def _currency_problems(world: World, currency: str) -> list[str]:
    """A source is in the account's currency."""
    if currency not in CURRENCIES:
        return ["currency is currently not supported"]
    own = world.settings.currency
    return [] if currency == own else [f"currency must be {own}"]


def _amount_problems(amount: int | None, kind: SourceType | None, currency: str) -> list[str]:
    """By the limits of the account's currency and of the type."""
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


def _field_problems(wishes: Json, kind: SourceType | None) -> list[str]:
    needs = kind.needs if kind else ()
    problems = [FIELDS[name](wishes, kind) for name in needs if kind]
    if "platform_type" not in needs and wishes.get("platform_type"):
        problems.append(_platform_problem(wishes, kind))
    image_type = (param_types.mapping(wishes, "qr_settings") or {}).get("image_type", "png")
    if image_type not in IMAGE_TYPES:
        problems.append("qr_settings image_type is not included in the list")
    return [problem for problem in problems if problem]


def _name_problem(wishes: Json, _: SourceType | None) -> str | None:
    name = param_types.text(wishes, "name") or ""
    if len(name) > NAME_LENGTH:
        return f"name is too long (maximum is {NAME_LENGTH} characters)"
    return None if name.strip() else "name cannot be blank"


def _email_problem(wishes: Json, _: SourceType | None) -> str | None:
    good = EMAIL(param_types.text(wishes, "email") or "")
    return None if good else "email is in invalid format"


def _phone_problem(wishes: Json, _: SourceType | None) -> str | None:
    good = PHONE(param_types.text(wishes, "phone_number") or "")
    return None if good else "phone_number must contain 10-11 digit characters"


def _term_problem(wishes: Json, kind: SourceType | None) -> str | None:
    """Words assumed."""
    term = param_types.integer(wishes, "installment_term")
    if term is None:
        return "installment_term is not a number"
    known = kind is not None and term in (kind.terms or ())
    return None if known else "installment_term is currently not supported"


def _platform_problem(wishes: Json, _: SourceType | None) -> str | None:
    """Words assumed."""
    platform = param_types.text(wishes, "platform_type")
    if not platform:
        return "platform_type cannot be blank"
    return None if platform in PLATFORMS else "platform_type is not included in the list"


def _presence_of(name: str) -> Callable[[Json, SourceType | None], str | None]:
    """Words as those of the name."""
    return lambda wishes, _: None if param_types.text(wishes, name) else f"{name} cannot be blank"


#: Needed field → its check, which gives what is wrong.
FIELDS: dict[str, Callable[[Json, SourceType | None], str | None]] = {
    "name": _name_problem,
    "email": _email_problem,
    "phone_number": _phone_problem,
    "installment_term": _term_problem,
    "platform_type": _platform_problem,
    "bank": _presence_of("bank"),
    "barcode": _presence_of("barcode"),
}


def _details(world: World, wishes: Json, kind: SourceType) -> dict[str, Any]:
    details: dict[str, Any] = {name: param_types.text(wishes, name) for name in TEXTS}
    details |= {name: param_types.mapping(wishes, name) for name in TREES}
    details["items"] = param_types.listing(wishes, "items")
    if kind.terms:
        default = world.settings.zero_interest_installments
        details["installment_term"] = param_types.integer(wishes, "installment_term")
        details["zero_interest_installments"] = param_types.flag(
            wishes, "zero_interest_installments", default
        )
    return _without_blanks(details)


def _without_blanks(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value not in (None, "", [], {})}

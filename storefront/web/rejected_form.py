"""A rejected checkout form, kept in the session until it is sent again: its errors and its input.

The page of a POST can be neither reloaded nor opened in another language, so `GET /checkout` shows
the errors. Neither a token nor a card number is kept.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from flask import request, session

from storefront.container import services
from storefront.payments.i18n import Message
from storefront.shop.cart import Cart
from storefront.web.forms import TOKEN_ID, get_typed

#: Where the session keeps it.
KEY = "checkout"

#: After that time, what was wrong may be so no longer.
MAX_AGE = timedelta(minutes=10)

#: A browser drops a cookie of more than 4096 bytes, and with it the cart: bytes for what was typed.
MAX_BYTES = 1500

#: Fields that the page sets itself.
NOT_TYPED = frozenset({"csrf_token", "token", "cart", "items", "amount"})


@dataclass(frozen=True, slots=True)
class RejectedForm:
    """The last form that was rejected; empty if there was none."""

    #: A message for each field.
    problems: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


def keep_rejected_form(problems: dict[str, str], basket: Cart) -> None:
    """Keep the form of this request with what is wrong with it."""
    session[KEY] = {
        "problems": [[name, _packed(problem)] for name, problem in problems.items()],
        "typed": _typed(),
        "cart": _fingerprint(basket),
        "at": int(services().now().timestamp()),
    }


def find_rejected_form(basket: Cart) -> RejectedForm:
    """The form that was rejected; its errors only a short time, and while the cart is the same."""
    match session.get(KEY):
        case {"problems": list(problems), "typed": dict(typed), "cart": cart, "at": int(at)}:
            age = services().now().timestamp() - at
            is_current = age < MAX_AGE.total_seconds() and cart == _fingerprint(basket)
            shown = {name: cast(str, _unpacked(problem)) for name, problem in problems}
            return RejectedForm(shown if is_current else {}, typed)
    return RejectedForm()


def forget_rejected_form() -> None:
    """A form was accepted."""
    session.pop(KEY, None)


def _typed() -> dict[str, str]:
    """What was typed, field by field while there is room for it."""
    kept, room = {}, MAX_BYTES
    for name in request.form:
        text = get_typed(name)
        if name in NOT_TYPED or TOKEN_ID.search(text):
            continue
        room -= len(json.dumps([name, text]))
        if room >= 0:
            kept[name] = text
    return kept


def _fingerprint(basket: Cart) -> list[object]:
    return [basket.key, basket.quantities]


def _packed(value: object) -> object:
    """A message as the session can keep it, to be translated when it is shown."""
    if not isinstance(value, Message):
        return value
    return [value.template, {name: _packed(param) for name, param in value.params.items()}]


def _unpacked(value: object) -> object:
    match value:
        case [str(template), dict(params)]:
            return Message.build(template, {n: _unpacked(param) for n, param in params.items()})
    return value

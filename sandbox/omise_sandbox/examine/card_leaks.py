"""Finds card data in what a browser sends."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from omise_sandbox.examine.cards import SECURITY_CODE

SEPARATORS = re.compile(r"[\s+-]")


def has_card_data(number: str, url: str, *parts: str) -> bool:
    """Whether a request carries the card number, or the security code as the value of a field."""
    everything = SEPARATORS.sub("", unquote_plus("|".join((url, *parts))))
    return number in everything or SECURITY_CODE in {
        value for part in (urlsplit(url).query, *parts) for value in _values(part)
    }


def _values(part: str) -> Iterator[str]:
    """The values of a form or of JSON; of multipart text, its lines."""
    yield from (value for _, value in parse_qsl(part))
    yield from part.splitlines()
    try:
        yield from _leaves(json.loads(part))
    except ValueError:
        return


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    else:
        yield str(value)

"""Reads values out of a response: by CSS selector, by JSON path, by pattern of the address."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus

from bs4 import BeautifulSoup, Tag
from soupsieve import SelectorSyntaxError

from omise_sandbox.examine.recipe import RecipeError, Rule, Values


def read(source: str, url: str, text: str) -> str | None:
    """The value that a source names; None when the response does not have it.

    `json:a.b`, `url:pattern with (a group)`, or a selector: `meta[name=csrf]@content`.
    """
    if source.startswith("json:"):
        return json_value(source.removeprefix("json:"), text)
    if source.startswith("url:"):
        found = re.search(source.removeprefix("url:"), url)
        return found[1] if found else None
    selector, _, attribute = source.partition("@")
    element = find(selector, text)
    if element is None:
        return None
    if attribute == "text":
        return element.get_text(" ", strip=True)
    value = element.get(attribute or "value")
    return value if isinstance(value, str) else None


def take(values: Values, sources: Mapping[str, str], url: str, text: str) -> None:
    """Add to `values` what the sources name in a response."""
    for name, source in sources.items():
        if (value := read(source, url, text)) is not None:
            values[name] = value


def said(rules: Sequence[Rule], status: int) -> str:
    """What the first of the rules that hold means; without one, error by the status, or unknown."""
    if rules:
        return rules[0].means
    return "error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "unknown"


def holds(rule: Rule, status: int, text: str) -> bool:
    """Whether the test of a rule holds for a response."""
    if rule.test == "text":
        return rule.value in text
    if rule.test == "status":
        return str(status) == rule.value
    if rule.test == "selector":
        return find(rule.value, text) is not None
    value = json_value(rule.value, text)
    return value is not None and rule.equals in (None, value)


def json_value(path: str, text: str) -> str | None:
    """The value at a path such as `order.id`, as text."""
    try:
        value = json.loads(text)
        for name in path.split("."):
            value = value[int(name)] if isinstance(value, list) else value[name]
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def find(selector: str, text: str) -> Tag | None:
    """The first element of a page that a CSS selector selects. Raises `RecipeError`."""
    try:
        return _parsed(text).select_one(selector)
    except SelectorSyntaxError as error:
        raise RecipeError(f"{selector}: {str(error).splitlines()[0]}") from error


@lru_cache(maxsize=2)  # several values are read from one page
def _parsed(text: str) -> BeautifulSoup:
    """The tree of a page, which nothing changes."""
    return BeautifulSoup(text, "html.parser")

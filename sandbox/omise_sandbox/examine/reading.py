"""Reads values out of a response: by CSS selector, by JSON path, by pattern of the address."""

import json
import re
from html.parser import HTMLParser

from omise_sandbox.examine.recipe import RecipeError, Rule

SELECTOR = re.compile(r"([a-z0-9]*)(?:#([\w-]+))?(?:\.([\w-]+))?(?:\[([\w-]+)=\"?([^\]\"]*)\"?\])?")


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
    return element.get(attribute or "value") if element is not None else None


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


def find(selector: str, text: str) -> dict[str, str] | None:
    """The attributes of the first element that `tag#id.class[name=value]` selects."""
    parts = SELECTOR.fullmatch(selector)
    if not parts:
        raise RecipeError(f"{selector}: only tag#id.class[name=value] is supported")
    finder = _Finder(parts.groups())
    finder.feed(text)
    return finder.found


class _Finder(HTMLParser):
    def __init__(self, wanted: tuple[str | None, ...]) -> None:
        super().__init__()
        self.found: dict[str, str] | None = None
        self._wanted = wanted

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the first element that fits."""
        have = {name: value or "" for name, value in attrs}
        name, identity, of_class, attribute, value = self._wanted
        fits = (
            (not name or tag == name)
            and (not identity or have.get("id") == identity)
            and (not of_class or of_class in have.get("class", "").split())
            and (not attribute or have.get(attribute) == value)
        )
        if fits and self.found is None:
            self.found = have

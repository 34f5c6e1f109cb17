"""A recipe: how to buy at a shop."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from omise_sandbox.storage.worlds import DEFAULT_KEYS

#: What placeholders stand for.
Values = dict[str, str | int]
PLACEHOLDER = re.compile(r"{(\w+)}")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class RecipeError(Exception):
    """Why a recipe cannot be used, in one line."""


@dataclass(frozen=True)
class Step:
    """One request to the shop, with placeholders such as `{token}`."""

    method: str
    path: str
    form: dict[str, Any] | None = None
    json: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    take: dict[str, str] = field(default_factory=dict)

    def placeholders(self) -> set[str]:
        """The names of the values that the step sends."""
        return set(PLACEHOLDER.findall(repr((self.path, self.form, self.json, self.headers))))


@dataclass(frozen=True)
class Action:
    """One thing that a browser does: open, press, fill, choose or check.

    `target` is a path, or says where: `label=Email`, `button=Pay`, a CSS selector.
    """

    do: str
    target: str
    value: str = ""
    frame: str | None = None
    take: dict[str, str] = field(default_factory=dict)

    def placeholders(self) -> set[str]:
        """The names of the values that the action uses."""
        return set(PLACEHOLDER.findall(self.target + self.value))


@dataclass(frozen=True)
class Rule:
    """How to read a response: it `means` a result when the test holds."""

    means: str
    test: str
    value: str
    equals: str | None = None


@dataclass(frozen=True)
class Process:
    """How to start the shop, so that it can be killed. `ready` answers once it runs."""

    start: tuple[str, ...]
    ready: str = "/"
    folder: Path = field(default_factory=Path)
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """How to buy at a shop. Times are in seconds.

    `buy`, `promptpay` and `refund` are sequences; `buy` is of requests, or of what a browser does.
    `settle` is how long the shop takes to act on a webhook, `finds_out` how long until it knows of
    a payment without one, and `hanging` how long an answer of Omise hangs in a scenario.
    `fields` names, for a browser, the fields in which it sends the amount, currency or customer.
    """

    name: str
    shop: str
    buy: tuple[Step, ...] | tuple[Action, ...]
    rules: tuple[Rule, ...]
    promptpay: tuple[Step, ...] = ()
    refund: tuple[Step, ...] = ()
    status: Step | None = None
    process: Process | None = None
    webhook: str | None = None
    webhook_secret: str | None = None
    hosts: tuple[str, ...] = ()
    public_key: str = DEFAULT_KEYS.public
    secret_key: str = DEFAULT_KEYS.secret
    timeout: float = 15
    settle: float = 0.2
    finds_out: float = 5
    hanging: float = 8
    values: Values = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def in_browser(self) -> bool:
        """Whether a browser buys."""
        return isinstance(self.buy[0], Action)

    def allows(self, url: str) -> bool:
        """Whether the recipe names the host of a URL."""
        return origin(url) in {origin(self.shop), *map(origin, self.hosts)}

    def check_host(self, url: str) -> None:
        """Raises `RecipeError` for a URL at a host that the recipe does not name."""
        if not self.allows(url):
            raise RecipeError(f"the shop leads to {url}, a host that the recipe does not name")

    def reads(self, result: str) -> bool:
        """Whether a rule can read this result."""
        return any(rule.means == result for rule in self.rules)

    def url(self, path: str) -> str:
        """The URL of a path of the shop."""
        return urljoin(self.shop, path)


def origin(url: str) -> tuple[str, str]:
    """The scheme and the host with its port."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def filled(value: Any, values: Mapping[str, str | int]) -> Any:  # noqa: ANN401 - part of a TOML file
    """The same with the placeholders replaced; one without a value is empty.

    A text that is nothing but a placeholder becomes its value, also a number.
    """
    if isinstance(value, dict):
        return {name: filled(part, values) for name, part in value.items()}
    if not isinstance(value, str):
        return value
    if whole := PLACEHOLDER.fullmatch(value):
        return values.get(whole[1], "")
    return PLACEHOLDER.sub(lambda found: str(values.get(found[1], "")), value)


def check_loopback(url: str) -> None:
    """Raises `RecipeError` for a sandbox that is not on this machine."""
    if urlsplit(url).hostname not in LOOPBACK:
        raise RecipeError(f"{url}: the sandbox must be on this machine")

"""A recipe: how to buy at a shop, read from a TOML file."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from omise_sandbox.storage.worlds import DEFAULT_KEYS

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: What a shop can say about a purchase.
RESULTS = ("paid", "declined", "pending")
TESTS = ("text", "selector", "json", "status")
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

    def sends(self, placeholder: str) -> bool:
        """Whether the browser sends this value to the shop."""
        return f"{{{placeholder}}}" in repr((self.path, self.form, self.json, self.headers))


@dataclass(frozen=True)
class Rule:
    """How to read a response: it `means` a result when the test holds."""

    means: str
    test: str
    value: str
    equals: str | None = None


@dataclass(frozen=True)
class Recipe:
    """How to buy at a shop. Times are in seconds."""

    name: str
    shop: str
    buy: tuple[Step, ...]
    rules: tuple[Rule, ...]
    status: Step | None = None
    webhook: str | None = None
    webhook_secret: str | None = None
    hosts: tuple[str, ...] = ()
    public_key: str = DEFAULT_KEYS.public
    secret_key: str = DEFAULT_KEYS.secret
    timeout: float = 15
    settle: float = 0.2
    values: dict[str, str] = field(default_factory=dict)

    def allows(self, url: str) -> bool:
        """Whether the recipe names the host of a URL."""
        return origin(url) in {origin(self.shop), *map(origin, self.hosts)}


def origin(url: str) -> tuple[str, str]:
    """The scheme and the host with its port."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def load(path: Path) -> Recipe:
    """The recipe in a file. Raises `RecipeError`."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RecipeError(f"{path}: {error}") from error
    return parse(content)


def parse(content: dict[str, Any]) -> Recipe:
    """The recipe of a TOML document. Raises `RecipeError`."""
    known = set(Recipe.__dataclass_fields__) - {"rules"} | {"result"}
    _only(content, known, "the recipe")
    plain = {name: content[name] for name in content if name not in ("buy", "result", "status")}
    for name in ("shop", "buy", "result"):
        if not content.get(name):
            raise RecipeError(f"the recipe has no `{name}`")
    for name, value in plain.items():
        _has_type(name, value)
    recipe = Recipe(
        **{"name": content["shop"], **plain, "hosts": tuple(content.get("hosts", ()))},
        buy=tuple(_step(step, "buy") for step in content["buy"]),
        rules=tuple(map(_rule, content["result"])),
        status=_step(content["status"], "status") if "status" in content else None,
    )
    _check(recipe)
    return recipe


def _has_type(name: str, value: object) -> None:
    number, several = name in ("timeout", "settle"), name == "hosts"
    wanted = (int, float) if number else list if several else dict if name == "values" else str
    if not isinstance(value, wanted):
        raise RecipeError(f"`{name}` has a wrong type: {value!r}")


def _check(recipe: Recipe) -> None:
    """Only test keys, only web addresses, and a purchase that uses the token."""
    for key, prefix in ((recipe.public_key, "pkey_test_"), (recipe.secret_key, "skey_test_")):
        if not key.startswith(prefix):
            raise RecipeError(f"only test keys ({prefix}…) can be used")
    for url in (recipe.shop, *recipe.hosts):
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise RecipeError(f"{url}: give an http or https URL")
    if not recipe.buy[-1].sends("token"):
        raise RecipeError("the last request of `buy` must send {token}")


def check_loopback(url: str) -> None:
    """Raises `RecipeError` for a sandbox that is not on this machine."""
    if urlsplit(url).hostname not in LOOPBACK:
        raise RecipeError(f"{url}: the sandbox must be on this machine")


def _step(content: dict[str, Any], where: str) -> Step:
    _only(content, {"request", "form", "json", "headers", "take"}, f"`{where}`")
    method, _, path = str(content.get("request", "")).partition(" ")
    if method not in METHODS or not path.startswith("/"):
        raise RecipeError(f'`{where}` needs a request such as "POST /charge", not {method} {path}')
    more = {name: content[name] for name in content if name != "request"}
    return Step(method, path, **more)


def _rule(content: dict[str, Any]) -> Rule:
    _only(content, {"means", "equals", *TESTS}, "`result`")
    tests = [name for name in TESTS if name in content]
    if content.get("means") not in RESULTS or len(tests) != 1:
        raise RecipeError(f"a `result` has `means` ({', '.join(RESULTS)}) and one of {TESTS}")
    equals = content.get("equals")
    value = str(content[tests[0]])
    return Rule(content["means"], tests[0], value, None if equals is None else _text(equals))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _only(content: dict[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(content) - known):
        raise RecipeError(f"{where} has unknown names: {', '.join(unknown)}")

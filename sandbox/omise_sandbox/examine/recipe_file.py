"""Reads a recipe from a TOML file, and says what is wrong with it."""

import os
import shlex
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from omise_sandbox.examine.recipe import Action, Process, Recipe, RecipeError, Rule, Step, Values

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: What a browser does → whether it needs a value, as `with`.
ACTIONS = {"open": False, "press": False, "fill": True, "choose": True, "check": False}
#: What a shop can say about a purchase.
RESULTS = ("paid", "declined", "pending", "refunded")
TESTS = ("text", "selector", "json", "status")
#: Name → its type in the file.
PLAIN: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("name", "shop", "webhook", "webhook_secret"), str),
    **dict.fromkeys(("public_key", "secret_key"), str),
    **dict.fromkeys(("timeout", "settle", "finds_out", "hanging"), (int, float)),
    **dict.fromkeys(("values", "fields"), dict),
    "hosts": list,
}
ENVIRONMENT = "env:"
SEQUENCES = ("promptpay", "refund")
NAMES = {*PLAIN, *SEQUENCES, "buy", "result", "status", "process"}


def load(path: Path) -> Recipe:
    """The recipe in a file. Raises `RecipeError`."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RecipeError(f"{path}: {error}") from error
    return parse(content, path.parent)


def parse(content: dict[str, Any], folder: Path | None = None) -> Recipe:
    """The recipe of a TOML document in this folder. Raises `RecipeError`."""
    _only(content, NAMES, "the recipe")
    for name in ("shop", "buy", "result"):
        if not content.get(name):
            raise RecipeError(f"the recipe has no `{name}`")
    plain = {name: content[name] for name in content if name in PLAIN}
    for name, value in plain.items():
        if not isinstance(value, PLAIN[name]):
            raise RecipeError(f"`{name}` has a wrong type: {value!r}")
    plain["values"] = _values(plain.get("values", {}))
    sequences: dict[str, Any] = {
        name: tuple(_step(step, name) for step in content.get(name, ())) for name in SEQUENCES
    }
    recipe = Recipe(
        **{"name": content["shop"], **plain, "hosts": tuple(content.get("hosts", ()))},
        **sequences,
        buy=_purchase(content["buy"]),
        rules=tuple(map(_rule, content["result"])),
        status=_step(content["status"], "status") if "status" in content else None,
        process=_process(content.get("process"), folder or Path()),
    )
    _check(recipe)
    return recipe


def _check(recipe: Recipe) -> None:
    """Only test keys, only web addresses, and a purchase that uses a card."""
    for key, prefix in ((recipe.public_key, "pkey_test_"), (recipe.secret_key, "skey_test_")):
        if not key.startswith(prefix):
            raise RecipeError(f"only test keys ({prefix}…) can be used")
    for url in (recipe.shop, *recipe.hosts):
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise RecipeError(f"{url}: give an http or https URL")
    last = recipe.buy[-1]
    if isinstance(last, Step) and "token" not in last.placeholders():
        raise RecipeError("the last request of `buy` must send {token}")
    if isinstance(last, Action) and last.do != "press":
        raise RecipeError("the last step of `buy` must be a `press`")
    if recipe.in_browser and not any("card_number" in step.placeholders() for step in recipe.buy):
        raise RecipeError("no step of `buy` fills in {card_number}")


def _values(values: dict[str, Any]) -> Values:
    """The values; `env:NAME` is an environment variable, left out when it is not set."""
    read = {
        name: os.environ.get(value[len(ENVIRONMENT) :])
        if str(value).startswith(ENVIRONMENT)
        else value
        for name, value in values.items()
    }
    return {name: value for name, value in read.items() if value is not None}


def _purchase(steps: list[dict[str, Any]]) -> tuple[Step, ...] | tuple[Action, ...]:
    if any("request" in step for step in steps):
        return tuple(_step(step, "buy") for step in steps)
    return tuple(map(_action, steps))


def _step(content: dict[str, Any], where: str) -> Step:
    _only(content, {"request", "form", "json", "headers", "take"}, f"`{where}`")
    method, _, path = str(content.get("request", "")).partition(" ")
    if method not in METHODS or not path.startswith("/"):
        raise RecipeError(f'`{where}` needs a request such as "POST /charge", not {method} {path}')
    more = {name: content[name] for name in content if name != "request"}
    return Step(method, path, **more)


def _action(content: dict[str, Any]) -> Action:
    _only(content, {*ACTIONS, "with", "frame", "take"}, "`buy`")
    done = [name for name in ACTIONS if name in content]
    if len(done) != 1:
        raise RecipeError(f"a step of `buy` has a `request`, or one of {', '.join(ACTIONS)}")
    (do,) = done
    if ACTIONS[do] != ("with" in content):
        raise RecipeError(f"`{do}` {'needs' if ACTIONS[do] else 'has no'} `with`")
    more = {name: content[name] for name in ("frame", "take") if name in content}
    return Action(do, content[do], content.get("with", ""), **more)


def _rule(content: dict[str, Any]) -> Rule:
    _only(content, {"means", "equals", *TESTS}, "`result`")
    tests = [name for name in TESTS if name in content]
    if content.get("means") not in RESULTS or len(tests) != 1:
        raise RecipeError(f"a `result` has `means` ({', '.join(RESULTS)}) and one of {TESTS}")
    equals = content.get("equals")
    value = str(content[tests[0]])
    return Rule(content["means"], tests[0], value, None if equals is None else _text(equals))


def _process(content: dict[str, Any] | None, folder: Path) -> Process | None:
    if content is None:
        return None
    _only(content, {"start", "ready", "folder", "environment"}, "`process`")
    if not content.get("start"):
        raise RecipeError("`process` needs `start`, the command that starts the shop")
    more = {name: content[name] for name in ("ready", "environment") if name in content}
    command = tuple(shlex.split(content["start"]))
    return Process(command, folder=folder / content.get("folder", "."), **more)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _only(content: dict[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(content) - known):
        raise RecipeError(f"{where} has unknown names: {', '.join(unknown)}")

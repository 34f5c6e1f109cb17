"""Fidelity: where everything that the sandbox imitates is known from, and what it leaves out.

`python -m omise_sandbox.fidelity` prints docs/fidelity.md.
"""

from functools import cache
from pathlib import Path
from typing import Any

from omise_sandbox.resources.routes import NOT_IMITATED

MANIFEST = Path(__file__).with_suffix(".toml")

#: Tables of the manifest that name one thing and its source in a row → heading and column.
PLAIN = {
    "endpoints": ("Endpoints", "call"),
    "codes": ("Error codes", "code"),
    "cards": ("Test cards", "what a number brings about"),
    "situations": ("Where a charge can stand", "situation"),
    "failures": ("Why a charge fails", "failure_code"),
    "rules": ("Rules", "rule"),
}
#: Tables that name a source and then all that is known from it.
GROUPED = {"source_types": "Methods of payment", "events": "Events"}


@cache
def manifest() -> dict[str, Any]:
    """Everything by kind; each with its source as `kind: where`, and what is not imitated.

    Objects have a source for each of their fields. `parameters` has those that are not imitated.
    """
    import tomllib  # only here: a start need not wait for it

    read = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))
    for name in GROUPED:
        read[name] = {
            thing: source for source, things in read[name].items() for thing in things.split()
        }
    read["objects"] = {name: _fields(known) for name, known in read["objects"].items()}
    return {"object": "fidelity", **read, "not_imitated": list(NOT_IMITATED)}


def _fields(known: dict[str, str]) -> dict[str, str]:
    """The source of each field: that of its object, unless it has its own."""
    return {name: known.get(name, known["source"]) for name in known["fields"].split()}


def render() -> str:
    """The manifest as a page of Markdown."""
    everything = manifest()
    parts = [HEAD, _table("source", "what it is", everything["sources"])]
    for name, (heading, column) in PLAIN.items():
        parts += [f"## {heading}", _table(column, "source", everything[name], code=name != "rules")]
    for name, heading in GROUPED.items():
        parts += [f"## {heading}", _groups(everything[name])]
    parts += ["## Dialects", _dialects(everything["dialects"]), "## Objects"]
    for name, fields in everything["objects"].items():
        parts += [f"### {name}", _groups(fields)]
    parts += ["## Not imitated", "\n".join(f"* `{path}`" for path in everything["not_imitated"])]
    parts += ["## Parameters that are not imitated", _parameters(everything["parameters"])]
    return "\n\n".join(parts) + "\n"


HEAD = """# Fidelity

Where everything that the sandbox imitates is known from.
`GET /_sandbox/fidelity` gives the same as JSON.
Made by `python -m omise_sandbox.fidelity` from
[fidelity.toml](../sandbox/omise_sandbox/fidelity.toml)."""


def _table(first: str, second: str, rows: dict[str, str], *, code: bool = True) -> str:
    mark = "`" if code else ""
    lines = [f"| {mark}{name}{mark} | {source} |" for name, source in rows.items()]
    return "\n".join([f"| {first} | {second} |", "|---|---|", *lines])


def _dialects(rows: dict[str, list[str]]) -> str:
    lines = [f"| `{name}` | {one} | {other} |" for name, (one, other) in rows.items()]
    return "\n".join(["| difference | `documented` | `recorded` |", "|---|---|---|", *lines])


def _parameters(calls: dict[str, dict[str, str]]) -> str:
    rows = [
        f"| `{call}` | `{name}` | {source} |"
        for call, sources in calls.items()
        for name, source in sources.items()
    ]
    return "\n".join(["| call | parameter | source |", "|---|---|---|", *rows])


def _groups(sources: dict[str, str]) -> str:
    """Each source with all that is known from it."""
    groups: dict[str, list[str]] = {}
    for name, source in sources.items():
        groups.setdefault(source, []).append(f"`{name}`")
    return "\n".join(f"* {source}: {', '.join(names)}" for source, names in groups.items())


if __name__ == "__main__":
    print(render(), end="")  # noqa: T201 - a command speaks

"""Every import points the way that docs/architecture.md says."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"storefront", "sandbox", "tests", "e2e", "bench", "tools", "app"}

#: Who may import what of ours. A path on the left also speaks for what lies below it, unless a
#: longer one does.
MAY_IMPORT = {
    "app": {"storefront"},
    "storefront": {"storefront"},
    "storefront/omise": {"storefront.omise"},
    "sandbox": {"sandbox"},
    "e2e": {"e2e"},
    "tools": set(),
}

#: Parts of the shop that do no I/O and know no framework.
PURE = ("money", "catalogue", "cart", "orders", "declines", "luhn", "errors")
IO = {"flask", "sqlalchemy", "requests", "structlog", "os", "socket", "subprocess"}

FILES = sorted(
    path.relative_to(ROOT)
    for part in MAY_IMPORT
    for path in [*(ROOT / part).rglob("*.py"), ROOT / f"{part}.py"]
    if path.is_file()
)


def imports(path):
    """The absolute names of the modules that a file imports."""
    package = path.with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            yield ".".join([*base, *filter(None, [node.module])])


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_point_the_right_way(path):
    part = max((p for p in MAY_IMPORT if f"{path.with_suffix('')}/".startswith(f"{p}/")), key=len)
    allowed = MAY_IMPORT[part]

    ours = [name for name in imports(path) if name.split(".")[0] in OURS]
    wrong = [n for n in ours if not any(f"{n}.".startswith(f"{ok}.") for ok in allowed)]

    assert wrong == []


@pytest.mark.parametrize("name", PURE)
def test_the_middle_is_pure(name):
    found = {module.split(".")[0] for module in imports(Path(f"storefront/{name}.py"))}

    assert not found & IO


@pytest.mark.parametrize("path", [p for p in FILES if str(p).startswith("storefront/")], ids=str)
def test_only_the_web_knows_flask(path):
    knows_flask = any(name.split(".")[0] == "flask" for name in imports(path))

    assert (
        not knows_flask
        or str(path).startswith("storefront/web/")
        or path.name
        in {
            "__init__.py",
            "cli.py",
            "logs.py",
        }
    )


def test_what_the_readme_says_to_copy_imports_nothing_else_of_ours():
    rows = re.findall(
        r"^\| [^|]+ \| (?:also )?`storefront/(.+) \|$", (ROOT / "README.md").read_text(), re.M
    )
    taken = {
        name for row in rows for name in re.findall(r"`?(?:storefront/)?(\w+)(?:\.py|/)`", row)
    }
    files = [path for path in FILES if path.parts[:1] == ("storefront",)]
    copied = [path for path in files if path.with_suffix("").parts[1] in taken]

    names = {name for path in copied for name in imports(path) if name.startswith("storefront.")}

    assert len(rows) == 3
    assert {name.split(".")[1] for name in names} <= taken

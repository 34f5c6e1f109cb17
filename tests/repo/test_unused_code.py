"""No function, method, class or import is left over."""

import re

import pytest
from vulture import Vulture

from tests.support.programs import ROOT

#: Code that is checked, and code that only counts as a user of it.
CHECKED = ("storefront", "sandbox/omise_sandbox", "tools")
USERS = ("app.py", "gunicorn.conf.py", "tests", "e2e", "bench")

#: Frameworks call these by name.
CALLED_BY_FRAMEWORKS = [
    "__call__",  # protocols
    "collect",  # prometheus_client
    "downgrade",  # alembic
    "eof_received",  # asyncio
    "on_starting",  # gunicorn
    "process_bind_param",  # sqlalchemy
    "process_result_value",
    "pytest_*",
    "upgrade",
]

#: Frameworks call what these decorate.
REGISTERED_BY = [
    "@app.*",
    "@babel.*",
    "@bp.*",
    "@blueprint.*",
    "@click.*",
    "@field_validator",
    "@model_validator",
    "@pytest.*",
    "@self._blueprint.*",
]

#: Dataclass fields and columns are left out: templates and SQL use them.
KINDS = {"class", "function", "import", "method", "property", "unreachable_code"}


def names_elsewhere():
    """Words in templates and data files, which use code by name."""
    folders = ("templates", "storefront", "sandbox/omise_sandbox")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    texts = (
        path.read_text() for path in files if path.suffix in {".cfg", ".html", ".toml", ".txt"}
    )
    configuration = ((ROOT / name).read_text() for name in ("babel.cfg", "sandbox/pyproject.toml"))
    return {word for text in (*texts, *configuration) for word in re.findall(r"\w+", text)}


def unused(*roots):
    """Unused code of the checked kinds, as messages."""
    vulture = Vulture(ignore_names=CALLED_BY_FRAMEWORKS, ignore_decorators=REGISTERED_BY)
    vulture.scavenge([str(ROOT / root) for root in roots], exclude=["node_modules"])
    elsewhere = names_elsewhere()
    return [
        item.get_report()
        for item in vulture.get_unused_code()
        if item.typ in KINDS and (item.typ == "unreachable_code" or item.name not in elsewhere)
    ]


def test_no_code_is_unused():
    checked = tuple(str(ROOT / root) for root in CHECKED)

    assert [line for line in unused(*CHECKED, *USERS) if line.startswith(checked)] == []


@pytest.mark.parametrize(
    "code",
    ["def planted(): ...", "import planted", "class Planted: ...", "def f():\n return\n f()"],
)
def test_planted_code_is_found(tmp_path, code):
    (tmp_path / "planted.py").write_text(f"{code}\n")

    assert unused(tmp_path)

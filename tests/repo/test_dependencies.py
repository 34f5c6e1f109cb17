"""docs/dependencies.md gives the reason for every direct dependency, once."""

import json
import re
import tomllib
from collections import Counter

from tests.support.programs import ROOT

NPM_PROJECTS = ("tests/contract/node", "tools/lighthouse", "tools/lint")


def python_dependencies():
    """Packages that pyproject.toml and sandbox/pyproject.toml ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    sandbox = tomllib.loads((ROOT / "sandbox/pyproject.toml").read_text())
    required = [*project["project"]["dependencies"], *sandbox["project"]["dependencies"]]
    required += project["dependency-groups"]["dev"]
    return {re.match(r"[a-z0-9-]+", line)[0] for line in required}


def npm_dependencies():
    """Packages that the projects for Node ask for."""
    projects = [json.loads((ROOT / path / "package.json").read_text()) for path in NPM_PROJECTS]
    return {f"{name} (npm)" for project in projects for name in project["dependencies"]}


def explained():
    """Packages in the first column of the tables, counted."""
    page = (ROOT / "docs/dependencies.md").read_text()
    cells = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", page, re.M)
    names = []
    for cell in cells:
        suffix = " (npm)" if cell.endswith(" (npm)") else ""
        names += [f"{name}{suffix}" for name in cell.removesuffix(" (npm)").split(", ")]
    return Counter(name for name in names if name != "package")


def test_every_dependency_has_one_reason():
    counts = explained()

    assert set(counts) == python_dependencies() | npm_dependencies()
    assert {name for name, count in counts.items() if count > 1} == set()


def test_npm_versions_are_exact():
    for path in NPM_PROJECTS:
        project = json.loads((ROOT / path / "package.json").read_text())
        lock = json.loads((ROOT / path / "package-lock.json").read_text())

        assert lock["packages"][""]["dependencies"] == project["dependencies"]
        assert all(re.fullmatch(r"[\d.]+", version) for version in project["dependencies"].values())

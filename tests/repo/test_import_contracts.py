"""import-linter holds the layers of the project, and notices each kind of wrong import."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.programs import ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

PACKAGES = {
    "storefront": "storefront",
    "omise_sandbox": "sandbox/omise_sandbox",
    "e2e": "e2e",
}

#: Contract → imports that break it, each as importing module → imported module.
PLANTED = {
    "layers": [
        "storefront.payments.money -> storefront.shop",
        "storefront.payments -> storefront.accounts",
        "storefront.payments -> storefront.settings",
        "storefront.accounts -> storefront.fraud",
        "storefront.fraud -> storefront.shop",
        "storefront.shop -> storefront.admin",
        "storefront.ops -> storefront.admin",
        "storefront.admin -> storefront.web",
    ],
    "flask": ["storefront.payments.statuses -> flask"],
    "omise-client": ["storefront.payments.omise -> storefront.payments.money"],
    "no-io": [
        "storefront.payments.statuses -> storefront.payments.database",
        "storefront.payments.money -> requests",
    ],
    "sandbox": ["storefront.web -> omise_sandbox", "omise_sandbox -> storefront"],
    "e2e": ["e2e.planted -> storefront", "e2e.planted -> omise_sandbox"],
}


def lint(folder, *options):
    """Runs import-linter over the packages in a folder."""
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--no-logo", *options],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{folder / 'sandbox'}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The Python files of the packages, and the settings of import-linter."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for path in PACKAGES.values():
        for source in (ROOT / path).rglob("*.py"):
            target = folder / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return folder


@pytest.fixture
def plant(copy):
    """Adds an import to a module of the copy until the test ends."""
    before = {}

    def add(importer, imported):
        package, _, module = importer.partition(".")
        path = copy / PACKAGES[package] / module.replace(".", "/")
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        text = path.read_text() if path.exists() else None
        before.setdefault(path, text)
        path.write_text(f"{text or ''}\nimport {imported}\n")

    yield add
    for path, text in before.items():
        path.unlink() if text is None else path.write_text(text)


def test_project_keeps_its_contracts(copy):
    done = lint(copy)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("contract", "imports"), PLANTED.items())
def test_planted_imports_break_their_contract(copy, plant, contract, imports):
    for planted in imports:
        plant(*planted.split(" -> "))

    done = lint(copy, "--contract", contract)

    assert done.returncode == 1, done.stderr
    assert "0 kept, 1 broken" in done.stdout
    for planted in imports:
        assert f"{planted} (" in done.stdout


def test_module_without_a_layer_is_refused(copy, plant):
    plant("storefront.planted", "json")

    done = lint(copy, "--contract", "layers")

    assert done.returncode == 1
    assert "storefront.planted" in done.stdout + done.stderr

"""The commands of the Makefile work in a folder of any name."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TARGETS = ("run", "test", "unit", "crash", "bench", "catalogues", "lighthouse", "pins", "clean")


@pytest.fixture(params=["my shop (copy)", "Tom & Co's shop; old"])
def folder(request, tmp_path):
    """A copy of the Makefile in a folder whose name means something to a shell."""
    folder = tmp_path / request.param
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    for lock in ROOT.glob("*/*/package-lock.json"):
        target = folder / lock.relative_to(ROOT)
        target.parent.mkdir(parents=True)
        shutil.copy(lock, target)
    return folder


@pytest.mark.parametrize("target", TARGETS)
def test_recipes_are_valid_for_a_shell(folder, target):
    touched = ["requirements.txt", "requirements-dev.txt", "sandbox/requirements.txt"]
    touched += ["sandbox/pyproject.toml", "tests/contract/node/package-lock.json"]
    for name in touched:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    recipes = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "--always-make", target],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    parsed = subprocess.run(
        ["bash", "-n"], input=recipes.stdout, capture_output=True, text=True, check=False
    )

    assert parsed.stderr == ""

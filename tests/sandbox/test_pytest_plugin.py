"""The plugin, as another project uses it: in a run of pytest of its own."""

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")


@pytest.fixture
def project(pytester, monkeypatch):
    """Another project, with its conftest as the docs tell."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "sandbox"))
    pytester.makeini("[pytest]\naddopts = -p no:playwright -p no:xdist\n")
    (conftest, sample) = re.findall(r"```python\n(.*?)```", PAGE, re.S)[:2]
    pytester.makeconftest(conftest)
    pytester.makepyfile(test_sample=sample)
    return pytester


def test_the_sample_of_the_docs_passes(project):
    project.runpytest_subprocess("-q").assert_outcomes(passed=1)


def test_a_fault_that_never_fired_fails_its_test(project):
    project.makepyfile(
        test_sample="""
        def test_nothing_goes_wrong(world):
            world.fails("POST", "/charges", "drop_after")
        """
    )

    result = project.runpytest_subprocess("-q")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*armed, but never fired*drop_after*"])


def test_worlds_do_not_meet(project):
    project.makepyfile(
        test_sample="""
        import pytest

        @pytest.mark.parametrize("number", [1, 2])
        def test_alone(world, number):
            assert world.charges() == []
            wishes = {"amount": 2000, "currency": "thb", "card": world.token()}
            world.api("POST", "/charges", wishes)
            assert len(world.charges()) == 1
        """
    )

    project.runpytest_subprocess("-q").assert_outcomes(passed=2)

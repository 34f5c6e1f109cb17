"""The pytest plugin in another project: an empty folder, and nothing but the built wheel."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
BUILD = "import sys; from flit_core.buildapi import build_wheel; print(build_wheel(sys.argv[1]))"

#: Each takes longer to import than the tests of a project take.
LARGE_PLUGINS = ("playwright", "schemathesis", "hypothesispytest", "anyio")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder into which the built wheel is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    build = subprocess.run(
        [sys.executable, "-c", BUILD, str(folder)],
        cwd=ROOT / "sandbox",
        capture_output=True,
        text=True,
        check=True,
    )
    wheel, target = folder / build.stdout.split()[-1], folder / "site"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--target", str(target), str(wheel)], capture_output=True, check=True)
    return target


@pytest.fixture
def project(pytester, monkeypatch, installed):
    """Another project, without a conftest."""
    monkeypatch.setenv("PYTHONPATH", str(installed))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    configure(pytester)
    return pytester


def configure(pytester, **options):
    """Write the ini file of the project, which loads no large plugin that is installed here."""
    addopts = {"addopts": " ".join(f"-p no:{name}" for name in LARGE_PLUGINS)}
    lines = [f"{name} = {value}" for name, value in (addopts | options).items()]
    pytester.makeini("\n".join(["[pytest]", *lines]))


def test_wheel_brings_the_command(installed, monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", str(installed))
    command = [installed / "bin" / "omise-sandbox", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().split()[1]
        pages = [requests.get(url + path, timeout=5) for path in ("/_sandbox/", "/omise.js")]
        fidelity = requests.get(f"{url}/_sandbox/fidelity", timeout=5)
        process.terminate()

    assert [page.status_code for page in (*pages, fidelity)] == [200, 200, 200]


def test_wheel_is_typed(installed):
    assert (installed / "omise_sandbox" / "py.typed").exists()


def test_documented_sample_passes(project):
    [sample] = re.findall(r"```python\n(.*?)```", PAGE, re.S)[:1]
    project.makepyfile(test_sample=sample)

    project.runpytest_subprocess("-q").assert_outcomes(passed=1)


def test_fault_that_never_fired_fails_the_test(project):
    project.makepyfile(
        test_sample="""
        def test_nothing_goes_wrong(omise_world):
            omise_world.fails("POST", "/charges", "drop_after")
        """
    )

    result = project.runpytest_subprocess("-q")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*faults that never fired*drop_after*"])


@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["one process", "xdist"])
def test_each_test_has_its_own_world(project, options):
    project.makepyfile(
        test_sample="""
        import pytest

        @pytest.mark.parametrize("number", [1, 2])
        def test_alone(omise_world, number):
            assert omise_world.charges() == []
            params = {"amount": 2000, "currency": "thb", "card": omise_world.token()}
            omise_world.api("POST", "/charges", params)
            assert len(omise_world.charges()) == 1
        """
    )

    project.runpytest_subprocess("-q", *options).assert_outcomes(passed=2)


def test_session_scoped_base_url_can_use_the_sandbox(project):
    project.makepyfile(
        test_sample="""
        import pytest

        @pytest.fixture(scope="session")
        def base_url(omise_sandbox):
            return omise_sandbox.url

        def test_default_world_is_there(base_url, omise_sandbox):
            assert omise_sandbox.default_world.api("GET", "/account")["object"] == "account"
        """
    )

    project.runpytest_subprocess("-q").assert_outcomes(passed=1)


def test_world_settings_come_from_the_ini_file(project):
    configure(project, omise_world_settings="dialect = recorded\n  latency = 0.001")
    project.makepyfile(
        test_sample="""
        def test_settings(omise_world):
            settings = omise_world.control("GET", "settings")
            assert (settings["dialect"], settings["latency"]) == ("recorded", 0.001)
        """
    )

    project.runpytest_subprocess("-q").assert_outcomes(passed=1)


def test_running_sandbox_can_be_used(project, sandbox_url):
    configure(project, omise_sandbox_url=sandbox_url)
    project.makepyfile(
        test_sample=f"""
        def test_url(omise_sandbox, omise_world):
            assert omise_sandbox.url == omise_world.url == "{sandbox_url}"
        """
    )

    project.runpytest_subprocess("-q").assert_outcomes(passed=1)


def test_start_error_is_quoted(project):
    configure(project, omise_sandbox_options="--db .")
    project.makepyfile(test_sample="def test_url(omise_sandbox):\n    pass")

    result = project.runpytest_subprocess("-q")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*did not start: sandbox: cannot start: .: unable to open*"])

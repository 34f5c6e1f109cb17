"""Dockerfile, .dockerignore and compose.yaml, as far as they can be tried without Docker."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
import requests
import yaml

from storefront.settings import Settings
from tests.support.programs import free_port, wait_until

ROOT = Path(__file__).parents[2]

#: What compose.yaml may say to the shop beside its settings: gunicorn's number of processes.
ALSO_SAID = {"WEB_CONCURRENCY"}

#: How the proxy passes requests on.
ASKED_AS = {"Host": "shop.example"}


def instructions():
    """The instructions of the Dockerfile, each on one line."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(" ", 1)) for line in lines]


def said(name):
    return [rest for instruction, rest in instructions() if instruction == name]


def copied():
    """What the Dockerfile copies out of the repository: from, to."""
    ours = [rest.split() for rest in said("COPY") if not rest.startswith("--from")]
    return [(source, to) for *sources, to in ours for source in sources]


def let_in():
    """What .dockerignore lets Docker see at all."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert rules[-1] == "**/__pycache__"
    return {rule.removeprefix("!") for rule in rules[1:-1]}


@pytest.fixture
def image(tmp_path):
    """The files of the image, in a folder."""
    folder = tmp_path / "image"
    folder.mkdir()
    for source, to in copied():
        if (ROOT / source).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / source, folder / to, ignore=ignored)
        else:
            shutil.copy(ROOT / source, folder / to)
    return folder


@pytest.fixture
def environment(tmp_path):
    """What the shop is told, and the environment of the Dockerfile."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    bare = {name: value for name, value in os.environ.items() if "OMISE" not in name}
    return bare | {
        "OMISE_PUBLIC_KEY": "pkey_test_sandbox000000000000",
        "OMISE_SECRET_KEY": "skey_test_sandbox000000000000",
        "SECRET_KEY": "0123456789abcdef" * 4,
        "DATABASE_URL": f"sqlite:///{tmp_path}/shop.db",
        "PUBLIC_URL": "https://shop.example",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(temporary),
    }


def test_only_what_is_copied_is_let_in():
    assert let_in() == {source for source, _ in copied()}


def test_the_image_has_no_sandbox_no_tests_and_no_secrets(image):
    there = {path.name for path in image.rglob("*")}

    assert there.isdisjoint({"sandbox", "tests", "e2e", "data", ".env", ".git"})


def test_every_folder_that_the_code_names_is_copied():
    code = "\n".join(path.read_text() for path in (ROOT / "storefront").rglob("*.py"))
    named = set(re.findall(r'\bROOT / "([\w.]+)"', code))

    assert {"templates", "static"} <= named
    assert named <= let_in()


def test_the_image_is_pinned_and_nobody_in_particular_runs_it():
    assert len(said("FROM")) == 2
    assert all(re.match(r"python:\d+\.\d+\.\d+-slim-", image) for image in said("FROM"))
    assert said("USER") == ["10001:10001"]


def test_the_image_installs_ready_built_packages_with_hashes_only():
    [install] = [rest for rest in said("RUN") if "pip install" in rest]

    assert "--require-hashes --only-binary :all: -r requirements.txt" in install


def test_the_python_of_the_image_is_one_that_the_project_takes():
    minor = int(re.match(r"python:3\.(\d+)\.", said("FROM")[0])[1])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert minor >= int(project["requires-python"].removeprefix(">=3."))


@pytest.fixture
def running(image, environment):
    """The shop, started from those files as the image starts it; gives its address."""
    [command] = said("CMD")
    port = free_port()
    words = json.loads(command.replace("0.0.0.0:5000", f"127.0.0.1:{port}"))
    log = image.parent / "log"
    with log.open("w") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=image, env=environment, stdout=told, stderr=told
        )

    def is_up():
        assert process.poll() is None, log.read_text()
        try:
            return requests.get(f"http://127.0.0.1:{port}/", headers=ASKED_AS, timeout=5).ok
        except requests.RequestException:
            return False

    try:
        wait_until(is_up, "the shop answers", seconds=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def test_the_shop_starts_from_these_files_is_well_and_writes_none_of_them(
    image, running, environment
):
    for path in ("/", "/cart", "/products/mug", "/login"):
        assert requests.get(running + path, headers=ASKED_AS, timeout=5).status_code == 200
    [check] = said("HEALTHCHECK")
    words = json.loads(check.partition("CMD ")[2].replace("http://127.0.0.1:5000", running))
    subprocess.run([sys.executable, *words[1:]], env=environment, check=True)

    assert (image / "app.py").exists()
    assert not list(image.rglob("__pycache__"))
    assert {path.name for path in image.iterdir()} == let_in()


def test_the_health_check_fails_when_nobody_answers(environment):
    [check] = said("HEALTHCHECK")
    address = f"http://127.0.0.1:{free_port()}"
    words = json.loads(check.partition("CMD ")[2].replace("http://127.0.0.1:5000", address))

    done = subprocess.run(
        [sys.executable, *words[1:]], env=environment, check=False, capture_output=True
    )

    assert done.returncode == 1


START = """
import importlib.metadata as metadata, sys

pinned, owners = set(sys.argv[1:]), metadata.packages_distributions()

class OnlyWhatIsPinned:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if from_elsewhere := set(owners.get(name, [])) - pinned:
            raise ModuleNotFoundError(f"{from_elsewhere} is not in the image", name=name)

sys.meta_path.insert(0, OnlyWhatIsPinned)
sys.path.insert(0, ".")
import app, psycopg, gunicorn.app.wsgiapp, storefront.payments.worker
app.app.extensions["shop"].database.migrate()
assert app.app.test_client().get("/", base_url="https://shop.example").status_code == 200
try:
    import pytest
except ModuleNotFoundError:
    print("started")
"""


def test_the_shop_starts_with_the_packages_of_its_own_pins(image, environment):
    """The tests' virtual environment has more packages than the image; those are hidden here."""
    pinned = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.txt").read_text(), re.M)
    names = {re.sub(r"[-_.]+", "-", d.name).lower(): d.name for d in distributions()}

    done = subprocess.run(
        [sys.executable, "-c", START, *(names[pin] for pin in pinned if pin in names)],
        cwd=image,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "started\n", done.stderr


COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_hardened(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_of_others_is_pinned(name):
    image = SERVICES[name]["image"]

    assert image == "omise-storefront" or re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?-[a-z]+", image)


@pytest.mark.parametrize("name", ["shop", "worker"])
def test_the_shop_knows_every_setting_that_it_is_told(name):
    known = {field.upper() for field in Settings.model_fields}

    assert set(SERVICES[name]["environment"]) <= known | ALSO_SAID


def test_only_the_proxy_is_reached_from_outside_and_the_database_is_not_reached_from_it():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["data"]["internal"]
    assert SERVICES["proxy"]["networks"] == ["web"]
    assert SERVICES["database"]["networks"] == ["data"]


def test_the_worker_is_a_command_of_the_shop():
    from storefront import cli

    *flask, command = SERVICES["worker"]["command"]

    assert flask == ["flask", "--app", "app"]
    assert hasattr(cli, command)


def test_no_secret_stands_in_the_file_itself():
    asked_for = re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "compose.yaml").read_text())
    example = (ROOT / ".env.example").read_text()

    assert {"POSTGRES_PASSWORD", "PUBLIC_URL"} == set(asked_for)
    assert all(re.search(rf"^#?{name}=", example, re.M) for name in asked_for)
    assert SERVICES["shop"]["env_file"] == ".env"


def test_stopping_waits_longer_than_gunicorn_does():
    conf = (ROOT / "gunicorn.conf.py").read_text()
    graceful = int(re.search(r"^graceful_timeout = (\d+)", conf, re.M)[1])

    assert int(SERVICES["shop"]["stop_grace_period"].removesuffix("s")) > graceful


def test_the_proxy_speaks_to_the_shop_where_the_shop_listens():
    caddyfile = (ROOT / "Caddyfile").read_text()

    assert "reverse_proxy shop:5000" in caddyfile
    assert "0.0.0.0:5000" in said("CMD")[0]
    assert set(re.findall(r"\{\$(\w+)\}", caddyfile)) == set(SERVICES["proxy"]["environment"])

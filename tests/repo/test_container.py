"""Dockerfile, .dockerignore and compose.yaml, as far as they can be tested without Docker."""

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

#: Variables of compose.yaml that are no settings of the shop: gunicorn's number of processes.
OTHER_VARIABLES = {"WEB_CONCURRENCY"}

#: Headers of requests from the proxy.
PROXY_HEADERS = {"Host": "shop.example"}


def instructions():
    """The instructions of the Dockerfile, each on one line."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(" ", 1)) for line in lines]


def arguments_of(name):
    """The arguments of every instruction with this name."""
    return [rest for instruction, rest in instructions() if instruction == name]


def copied():
    """Pairs of source and target that the Dockerfile copies out of the repository."""
    copies = [rest.split() for rest in arguments_of("COPY") if not rest.startswith("--from")]
    return [(source, to) for *sources, to in copies for source in sources]


def docker_context():
    """Paths that .dockerignore does not hide from Docker."""
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
    """The environment of the container."""
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


def test_docker_context_holds_only_what_is_copied():
    assert docker_context() == {source for source, _ in copied()}


def test_image_has_no_sandbox_no_tests_and_no_secrets(image):
    there = {path.name for path in image.rglob("*")}

    assert there.isdisjoint({"sandbox", "tests", "e2e", "data", ".env", ".git"})


def test_every_folder_that_the_code_uses_is_copied():
    code = "\n".join(path.read_text() for path in (ROOT / "storefront").rglob("*.py"))
    named = set(re.findall(r'\bROOT / "([\w.]+)"', code))

    assert {"templates", "static"} <= named
    assert named <= docker_context()


def test_image_is_pinned_and_runs_as_unprivileged_user():
    assert len(arguments_of("FROM")) == 2
    assert all(re.match(r"python:\d+\.\d+\.\d+-slim-", image) for image in arguments_of("FROM"))
    assert arguments_of("USER") == ["10001:10001"]


def test_image_installs_wheels_with_hashes_only():
    [install] = [rest for rest in arguments_of("RUN") if "pip install" in rest]

    assert "--require-hashes --only-binary :all: -r requirements.txt" in install


def test_python_of_the_image_is_supported():
    minor = int(re.match(r"python:3\.(\d+)\.", arguments_of("FROM")[0])[1])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert minor >= int(project["requires-python"].removeprefix(">=3."))


@pytest.fixture
def running(image, environment):
    """The address of the shop, started from the files of the image as the image starts it."""
    [command] = arguments_of("CMD")
    port = free_port()
    words = json.loads(command.replace("0.0.0.0:5000", f"127.0.0.1:{port}"))
    log = image.parent / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=image, env=environment, stdout=output, stderr=output
        )

    def is_up():
        assert process.poll() is None, log.read_text()
        try:
            return requests.get(f"http://127.0.0.1:{port}/", headers=PROXY_HEADERS, timeout=5).ok
        except requests.RequestException:
            return False

    try:
        wait_until(is_up, "the shop answers", seconds=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def test_shop_starts_healthy_from_the_image_and_writes_no_file_there(image, running, environment):
    for path in ("/", "/cart", "/products/mug", "/login"):
        assert requests.get(running + path, headers=PROXY_HEADERS, timeout=5).status_code == 200
    [check] = arguments_of("HEALTHCHECK")
    words = json.loads(check.partition("CMD ")[2].replace("http://127.0.0.1:5000", running))
    subprocess.run([sys.executable, *words[1:]], env=environment, check=True)

    assert (image / "app.py").exists()
    assert not list(image.rglob("__pycache__"))
    assert {path.name for path in image.iterdir()} == docker_context()


def test_health_check_fails_without_a_server(environment):
    [check] = arguments_of("HEALTHCHECK")
    address = f"http://127.0.0.1:{free_port()}"
    words = json.loads(check.partition("CMD ")[2].replace("http://127.0.0.1:5000", address))

    done = subprocess.run(
        [sys.executable, *words[1:]], env=environment, check=False, capture_output=True
    )

    assert done.returncode == 1


START = """
import importlib.metadata as metadata, sys

pinned, owners = set(sys.argv[1:]), metadata.packages_distributions()

class PinnedPackagesOnly:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if from_elsewhere := set(owners.get(name, [])) - pinned:
            raise ModuleNotFoundError(f"{from_elsewhere} is not in the image", name=name)

sys.meta_path.insert(0, PinnedPackagesOnly)
sys.path.insert(0, ".")
import app, psycopg, gunicorn.app.wsgiapp, storefront.payments.worker
app.app.extensions["shop"].database.migrate()
assert app.app.test_client().get("/", base_url="https://shop.example").status_code == 200
try:
    import pytest
except ModuleNotFoundError:
    print("started")
"""


def test_shop_starts_with_the_packages_of_its_pins(image, environment):
    """Packages that the tests' environment has and the image has not are hidden."""
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
def test_every_third_party_image_is_pinned(name):
    image = SERVICES[name]["image"]

    assert image == "omise-storefront" or re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?-[a-z]+", image)


@pytest.mark.parametrize("name", ["shop", "worker"])
def test_every_variable_of_compose_is_a_setting(name):
    known = {field.upper() for field in Settings.model_fields}

    assert set(SERVICES[name]["environment"]) <= known | OTHER_VARIABLES


def test_only_the_proxy_is_published_and_it_cannot_reach_the_database():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["data"]["internal"]
    assert SERVICES["proxy"]["networks"] == ["web"]
    assert SERVICES["database"]["networks"] == ["data"]


def test_worker_service_runs_a_command_of_the_shop():
    from storefront.cli import ENGINE_COMMANDS

    *flask, command = SERVICES["worker"]["command"]

    assert flask == ["flask", "--app", "app"]
    assert command in ENGINE_COMMANDS.values()


def test_compose_file_holds_no_secret():
    required = re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "compose.yaml").read_text())
    example = (ROOT / ".env.example").read_text()

    assert {"POSTGRES_PASSWORD", "PUBLIC_URL"} == set(required)
    assert all(re.search(rf"^#?{name}=", example, re.M) for name in required)
    assert SERVICES["shop"]["env_file"] == ".env"


def test_compose_waits_longer_than_gunicorn_to_stop():
    conf = (ROOT / "gunicorn.conf.py").read_text()
    graceful = int(re.search(r"^graceful_timeout = (\d+)", conf, re.M)[1])

    assert int(SERVICES["shop"]["stop_grace_period"].removesuffix("s")) > graceful


def test_proxy_uses_the_port_of_the_shop():
    caddyfile = (ROOT / "Caddyfile").read_text()

    assert "reverse_proxy {$SHOPS:shop:5000}" in caddyfile
    assert "0.0.0.0:5000" in arguments_of("CMD")[0]
    assert set(re.findall(r"\{\$(\w+)\}", caddyfile)) == set(SERVICES["proxy"]["environment"])


def test_proxy_does_not_pass_slow_clients_on():
    caddyfile = (ROOT / "Caddyfile").read_text()

    for setting in ("read_header 10s", "read_body 10s", "request_buffers 64KiB"):
        assert setting in caddyfile

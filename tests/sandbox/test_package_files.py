"""README, container file and compose example of the sandbox, without a container engine."""

import json
import re
import subprocess
import sys
from pathlib import Path

import requests
import yaml

from omise_sandbox import testing
from omise_sandbox.http.process import read_options
from tests.support.programs import free_port

FOLDER = Path(__file__).parents[2] / "sandbox"
README = (FOLDER / "README.md").read_text()
DOCKERFILE = (FOLDER / "Dockerfile").read_text().replace("\\\n", "")


def test_first_token_of_the_readme_is_charged(tmp_path):
    [script] = re.findall(r"```sh\n(.*?)```", README, re.S)
    process, url = testing.start()
    commands = [line for line in script.splitlines() if line.startswith("curl")]
    text = "\n".join(commands).replace("http://127.0.0.1:5001", url)

    printed = subprocess.run(["sh", "-c", text], cwd=tmp_path, capture_output=True, check=True)
    testing.stop(process)

    assert json.loads(printed.stdout)["status"] == "successful"


def test_container_starts_healthy_and_answers_its_name():
    [entry] = re.findall(r"^ENTRYPOINT (.*)$", DOCKERFILE, re.M)
    _, *words = json.loads(entry)
    [health] = re.findall(r"^HEALTHCHECK .* CMD (.*)$", DOCKERFILE, re.M)
    port = str(free_port())
    command = [sys.executable, "-m", "omise_sandbox", *words, "--port", port]
    with subprocess.Popen(
        command, env=testing.environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        check = json.loads(health)[2].replace("5001", port)
        healthy = subprocess.run([sys.executable, "-c", check], check=False)
        url = f"http://127.0.0.1:{port}/_sandbox/health"
        named = requests.get(url, headers={"Host": "omise:5001"}, timeout=5)
        process.terminate()

    assert (healthy.returncode, named.status_code) == (0, 200)


def test_container_copies_what_exists():
    sources = re.findall(r"^COPY (.*) \S+$", DOCKERFILE, re.M)

    assert all((FOLDER / name).exists() for names in sources for name in names.split())


def test_compose_example_passes_options_that_exist():
    sandbox = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]["omise"]

    options = read_options(sandbox["command"])

    assert options.webhook_url == "http://shop:3000/webhooks"

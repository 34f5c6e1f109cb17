"""Host names: those of this machine are accepted, foreign ones are not (DNS rebinding)."""

import pytest
import requests

from omise_sandbox import testing
from omise_sandbox.http.hosts import Hosts
from omise_sandbox.rules.errors import ApiError
from tests.sandbox.conftest import error_of


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_sandbox/settings"),
        ("POST", "/_sandbox/settings"),
        ("GET", "/_sandbox/requests"),
        ("GET", "/_sandbox/"),
        ("GET", "/charges"),
        ("POST", "/tokens"),
        ("GET", "/omise.js"),
    ],
)
def test_page_of_a_foreign_name_cannot_use_the_sandbox(merchant, method, path):
    host = f"evil.example:{merchant.url.rpartition(':')[2]}"
    headers = {"Host": host, "Origin": f"http://{host}"}

    answer = merchant.api(method, path, headers=headers)

    assert error_of(answer) == (403, "not_authorized")
    assert "--allowed-host evil.example" in answer.json()["message"]


@pytest.mark.parametrize(
    "host",
    [
        None,
        "localhost:5001",
        "shop.localhost",
        "127.0.0.1:5001",
        "[::1]:5001",
        "192.168.0.7",
        "api.omise.co",
        "LOCALHOST.",
        "sandbox:5001",
    ],
)
def test_names_of_this_machine_and_allowed_ones_are_accepted(host):
    Hosts(["sandbox"]).check(host)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "127.0.0.1.evil.example", "localhost.com", "["]
)
def test_other_names_are_rejected(host):
    with pytest.raises(ApiError):
        Hosts().check(host)


def test_command_line_allows_a_host():
    process, url = testing.start("--allowed-host", "sandbox")
    port = url.rpartition(":")[2]
    health = f"{url}/_sandbox/health"

    answer = requests.get(health, headers={"Host": f"sandbox:{port}"}, timeout=5)
    testing.stop(process)

    assert answer.status_code == 200

"""The process: start, end, durability, and robustness against any bytes."""

import re
import signal
import socket
import ssl
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
import requests
import trustme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omise_sandbox import __version__, testing
from omise_sandbox.__main__ import COMMANDS
from omise_sandbox.storage.journal import Journal
from omise_sandbox.testing.world import World
from tests.sandbox.conftest import Merchant
from tests.sandbox.receiver import Receiver

KEYS = ("pkey_test_sandbox000000000000", "skey_test_sandbox000000000000")


@pytest.fixture
def journal(tmp_path):
    """Options that store everything in a file."""
    return ("--db", str(tmp_path / "deep" / "sandbox.db"))


@pytest.fixture
def start():
    """Starts sandboxes and stops them."""
    processes = []

    def start(*options, keys=KEYS):
        process, url = testing.start(*options)
        processes.append(process)
        return process, Merchant(World(url, *keys))

    yield start
    for process in processes:
        testing.stop(process)


def kill(process):
    """Kill the process."""
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=5)


def run(*options):
    """Try to start a second sandbox."""
    return subprocess.run(
        [sys.executable, "-m", "omise_sandbox", *options],
        env=testing.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=10,
    )


def test_everything_survives_a_kill(start, journal):
    process, before = start(*journal)
    customer = before.customer("4242424242424242")
    held, paid, waiting = (
        before.charge(capture=False),
        before.charge(metadata={"n": "1"}),
        before.charge("4000000000003063", return_uri="http://shop.test/"),
    )
    before.api.post(f"/charges/{held['id']}/capture")
    before.api.post(f"/charges/{paid['id']}/refunds", amount=1000)
    paths = ("/charges", "/customers", "/events", "/refunds", f"/customers/{customer['id']}/cards")
    was = [before.api.get(path).json()["data"] for path in paths]
    kill(process)

    _, after = start(*journal)

    assert [without_to(after.api.get(path).json()["data"]) for path in paths] == without_to(was)
    assert after.api.post(f"/charges/{waiting['id']}/mark_as_paid").json()["paid"] is True
    assert after.charge()["id"] > waiting["id"]


def without_to(value):
    """The same without the end of the period of embedded lists."""
    if isinstance(value, dict):
        return {key: without_to(item) for key, item in value.items() if key != "to"}
    return [without_to(item) for item in value] if isinstance(value, list) else value


@pytest.fixture
def receiver_over_tls(tmp_path):
    """A merchant's server with a certificate, and the file of its issuer."""
    authority, tls = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    receiver = Receiver(tls)
    yield receiver, str(tmp_path / "authority.pem")
    receiver.close()


def test_tls_webhook_is_sent_to_a_trusted_server(start, receiver_over_tls, monkeypatch):
    receiver, authority = receiver_over_tls
    monkeypatch.setenv("SSL_CERT_FILE", authority)
    _, merchant = start("--webhook-url", receiver.url)

    charge = merchant.charge()

    assert charge["id"].encode() in receiver.next()[1]


def test_tls_webhook_is_not_sent_to_an_untrusted_server(start, receiver_over_tls):
    receiver, _ = receiver_over_tls
    _, merchant = start("--webhook-url", receiver.url)
    merchant.charge()
    merchant.control("POST", "clock", {"advance": 0})

    (delivery,) = merchant.control("GET", "webhooks")["data"]
    assert "certificate" in delivery["error"].lower()
    assert receiver.taken.empty()


def test_request_that_outlives_the_sandbox_stores_nothing(tmp_path):
    journal = Journal(tmp_path / "sandbox.db")
    journal.write_world(1, {})
    journal.close()

    journal.write_world(2, {})
    journal.commit()

    reopened = Journal(tmp_path / "sandbox.db")
    assert list(reopened.worlds()) == [1]
    reopened.close()


def test_used_token_stays_used_after_a_kill(start, journal):
    process, before = start(*journal)
    spent, saved = before.token()["id"], before.token()["id"]
    before.api.post("/charges", amount=100000, card=spent)
    before.api.post("/customers", card=saved)
    kill(process)

    _, after = start(*journal)

    for token in (spent, saved):
        answer = after.api.post("/charges", amount=100000, card=token)
        assert answer.json()["code"] == "used_token"


def test_worlds_settings_and_faults_survive_a_restart(start, journal):
    process, before = start(*journal)
    made = before.control("POST", "worlds", {"three_ds": "always"})
    keys = (made["public_key"], made["secret_key"])
    own = Merchant(World(before.url, *keys))
    own.world.advance(5000)
    own.control("POST", "faults", {"path": "/charges", "do": "status", "times": 3})
    own.api.get("/charges")
    kill(process)

    _, after = start(*journal, keys=keys)

    assert after.control("GET", "settings")["three_ds"] == "always"
    assert after.control("GET", "faults")["data"][0]["remaining"] == 2


@pytest.mark.parametrize(("options", "offset"), [([], 0), (["--keep-clock"], 5000)])
def test_clock_returns_to_real_time_at_a_restart_unless_kept(start, journal, options, offset):
    process, before = start(*journal)
    before.world.advance(5000)
    before.control("POST", "clock", {"frozen": True})
    kill(process)

    _, after = start(*journal, *options)

    clock = after.control("GET", "clock")
    assert clock["offset"] == pytest.approx(offset, abs=30)
    assert clock["frozen"] is bool(options)


def test_start_loads_only_what_it_needs():
    words = "import sys; from omise_sandbox.commands.serve import load; load(); print(*sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", words],
        env=testing.environment(),
        capture_output=True,
        check=True,
        text=True,
    )
    loaded = set(said.stdout.split())

    assert {"httptools", "omise_sandbox.webhooks.http_client"} <= loaded
    late = {"aiohttp", "omise_sandbox.simulation.seeding", "segno", "tomllib"}
    assert loaded.isdisjoint(late)


def test_reset_survives_a_restart(start, journal):
    process, before = start(*journal)
    before.charge()
    before.control("POST", "reset")
    kept = before.charge()
    kill(process)

    _, after = start(*journal)

    assert [charge["id"] for charge in after.api.get("/charges").json()["data"]] == [kept["id"]]


def test_charges_expire_while_the_sandbox_is_stopped(start, journal):
    process, before = start(*journal)
    before.charge("4000000000003063", return_uri="http://shop.test/")
    kill(process)
    _, after = start(*journal)

    after.world.advance(8 * 24 * 60 * 60)

    assert after.events() == ["charge.create", "charge.expire"]


def test_journal_contains_no_card_numbers(start, journal, tmp_path):
    _, merchant = start(*journal)
    merchant.charge(security_code="987")
    merchant.charge("4111111111140011")

    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    assert kept.count(b"chrg_test_") >= 2
    for secret in (b"4242424242424242", b"4111111111140011"):
        assert secret not in kept


def test_port_in_use_is_reported(start):
    _, merchant = start()

    second = run("--port", str(urlsplit(merchant.url).port))

    assert (second.returncode, second.stdout) == (1, "")
    assert len(second.stderr.splitlines()) == 1
    assert "in use" in second.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--secret-key", "nonsense"),
        ("--webhook-url", "nowhere"),
        ("--webhook-secret", "%%%"),
        ("--public-key", "pkey_1"),
        ("--port", "99999"),
        ("--db", "."),
    ],
)
def test_invalid_option_is_reported_in_one_line(options):
    ended = run("--port", "0", *options)

    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1


def test_version_is_told():
    assert run("--version").stdout == f"omise-sandbox {__version__}\n"


def test_help_names_every_command():
    assert set(re.findall(r"[a-z]+", run("--help").stdout)) >= set(COMMANDS)


def test_file_that_is_not_a_journal_is_not_touched(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("Dear diary, " * 100)

    ended = run("--port", "0", "--db", str(file))

    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert file.read_text() == "Dear diary, " * 100


def test_options_configure_the_default_world(start):
    keys = ("pkey_test_mine", "skey_test_mine")
    options = ("--public-key", keys[0], "--secret-key", keys[1], "--dialect", "recorded")

    _, merchant = start(*options, "--three-ds", "always", keys=keys)

    settings_ = requests.get(f"{merchant.url}/_sandbox/settings", timeout=5).json()
    assert (settings_["dialect"], settings_["three_ds"]) == ("recorded", "always")
    assert merchant.token()["charge_status"] == "unknown"


def test_live_keys_can_be_rehearsed(start):
    keys = ("pkey_5live0000000000000", "skey_5live0000000000000")

    _, merchant = start("--public-key", keys[0], "--secret-key", keys[1], keys=keys)

    charge = merchant.charge()
    assert charge["livemode"] is True
    assert charge["id"].startswith("chrg_")
    assert "_test_" not in charge["id"]


def test_process_ends_on_sigterm(start):
    process, merchant = start()
    merchant.token()

    process.terminate()

    assert process.wait(timeout=3) == 0


# Bytes


def raw(url, data):
    """The whole response to these bytes."""
    with socket.create_connection(urlsplit(url).netloc.split(":"), timeout=5) as connection:
        connection.sendall(data)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return answer


@pytest.mark.parametrize(
    "data",
    [
        b"hello\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /charges HTTP/1.1\r\nHost: x\r\nBad Header\r\n\r\n",
        b"GET /" + b"a" * 10000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /%ff%fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /charges HTTP/1.0\r\n\r\n",
    ],
)
def test_invalid_http_is_rejected_in_the_envelope(merchant, data):
    answer = raw(merchant.url, data)

    assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))
    assert b'"object": "error"' in answer


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "amount",
        "currency",
        "card",
        "customer",
        "capture",
        "metadata",
        "return_uri",
        "expires_at",
        "limit",
        "offset",
        "order",
        "from",
        "to",
        "description",
        "ip",
        "authorization_type",
        "capture_amount",
        "webhook_endpoints",
        "platform_fee",
        "email",
        "default_card",
        "void",
        "tokenization",
        "source",
    ]
)
BODIES = st.dictionaries(NAMES, VALUES, max_size=6)
PATHS = st.sampled_from(
    [
        "/tokens",
        "/charges",
        "/customers",
        "/events",
        "/refunds",
        "/charges/ID",
        "/charges/ID/capture",
        "/charges/ID/refunds",
        "/customers/CUST",
        "/customers/CUST/cards",
        "/_sandbox/faults",
        "/_sandbox/clock",
        "/_sandbox/settings",
        "/_sandbox/requests",
        "/_sandbox/webhooks",
    ]
)


@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE"]),
    path=PATHS,
    body=BODIES | st.dictionaries(NAMES, VALUES).map(lambda body: {"card": body}),
    public=st.booleans(),
)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_strange_json_never_crashes(merchant, world, method, path, body, public):
    ids = merchant.__dict__.setdefault("ids", None)
    if ids is None:
        ids = merchant.ids = (merchant.charge()["id"], merchant.customer()["id"])
    path = path.replace("ID", ids[0]).replace("CUST", ids[1])

    host = merchant.vault if public else merchant.api
    try:
        answer = host(method, path, body)
    except requests.exceptions.InvalidJSONError:
        return  # infinity cannot be sent

    assert answer.status_code < 500
    assert answer.json()["object"]


@given(data=st.binary(max_size=300), kind=st.sampled_from(["application/json", "", "x/y"]))
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_strange_bytes_never_crash(merchant, data, kind):
    answer = requests.post(
        f"{merchant.url}/charges",
        data=data,
        headers={"Content-Type": kind},
        auth=(merchant.api.key, ""),
        timeout=5,
    )

    assert answer.status_code in (400, 404)
    assert answer.json()["object"] == "error"

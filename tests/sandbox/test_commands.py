"""The commands trigger, listen and events, against a world that stands for an account."""

import json
import subprocess
import sys

import pytest

from omise_sandbox import testing
from omise_sandbox.commands.client import Client
from omise_sandbox.commands.listen import PAGE, Feed
from tests.sandbox.receiver import SECRET, Receiver, is_signed


@pytest.fixture
def shop():
    """A local shop that receives webhooks."""
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def run(merchant):
    """Runs a command against the world."""

    def run(*words):
        account = ["--url", merchant.url, "--secret-key", merchant.api.key]
        return subprocess.run(
            [sys.executable, "-m", "omise_sandbox", *words, *account],
            env=testing.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )

    return run


def test_trigger_prints_the_event(merchant, run):
    done = run("trigger", "charge.create")

    (charge,) = merchant.world.charges()
    assert done.stdout.startswith(f"charge.create {charge['id']} (evnt_")


def test_trigger_reports_a_rejected_transition_in_one_line(merchant, run):
    paid = merchant.charge()

    done = run("trigger", "charge.capture", "--charge", paid["id"])

    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "needs a charge that is authorized" in done.stderr


def test_events_are_listed(merchant, run):
    merchant.charge(capture=False)
    merchant.control("POST", "trigger", {"event": "charge.capture"})

    lines = run("events", "list").stdout.splitlines()

    assert [line.split()[0] for line in lines] == ["charge.create", "charge.capture"]


def test_event_is_resent_to_a_local_shop(merchant, run, shop):
    merchant.charge()
    event = merchant.api.get("/events").json()["data"][0]

    done = run("events", "resend", event["id"], "--forward-to", shop.url, "--secret", SECRET)

    headers, body = shop.next()
    assert is_signed(headers, body, SECRET)
    assert json.loads(body) == {**event, "webhook_deliveries": []}
    assert f"-> {shop.url}: 200 in" in done.stdout


def test_event_is_resent_by_the_sandbox(merchant, run, receiver):
    merchant.charge()
    receiver.next()
    event = merchant.api.get("/events").json()["data"][0]

    run("events", "resend", event["id"])

    assert event["id"].encode() in receiver.next()[1]


def test_listen_forwards_new_events_signed(merchant, shop):
    merchant.charge()
    shop.statuses = [500]
    command = [sys.executable, "-m", "omise_sandbox", "listen", "--interval", "0.05"]
    account = ["--url", merchant.url, "--secret-key", merchant.api.key]
    forward = ["--forward-to", shop.url, "--secret", SECRET]
    with subprocess.Popen(
        [*command, *account, *forward],
        env=testing.environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        started = process.stdout.readline()
        later = merchant.charge()
        printed = process.stdout.readline()
        process.terminate()

    headers, body = shop.next()
    assert started.strip() == f"listening to {merchant.url}, forwarding to {shop.url}"
    assert json.loads(body)["data"]["id"] == later["id"]
    assert is_signed(headers, body, SECRET)
    assert printed.startswith(f"charge.create {later['id']} (evnt_")
    assert ": 500 in" in printed
    assert process.returncode == 0


def test_feed_gives_each_event_once_even_beyond_a_page(merchant):
    feed = Feed(Client(merchant.url, merchant.api.key))
    merchant.control("POST", "seed", {"charges": PAGE, "customers": 10, "days": 1})

    fresh = feed.read()

    assert len(fresh) == merchant.api.get("/events").json()["total"] > PAGE
    assert [event["created_at"] for event in fresh] == sorted(e["created_at"] for e in fresh)
    assert feed.read() == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("trigger", "charge.create", "--url", "ftp://x"), "give an http or https URL"),
        (("events", "list", "--url", "http://127.0.0.1:1"), "does not answer"),
        (("events", "list", "--omise", "--secret-key", "skey_live1"), "only test keys"),
        (("events", "list", "--secret-key", "skey_test_wrong"), "401 authentication_failure"),
    ],
)
def test_failed_call_is_reported_in_one_line(merchant, words, reason):
    url = [] if "--url" in words else ["--url", merchant.url]
    done = subprocess.run(
        [sys.executable, "-m", "omise_sandbox", *words, *url],
        env=testing.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )

    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert reason in done.stderr

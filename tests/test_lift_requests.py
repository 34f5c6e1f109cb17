"""Requests of Omise, of banks and of browsers to the foreign shop of test_lift.py."""

import io

import flask
import pytest
from flask_wtf.csrf import CSRFProtect

from tests.support.webhooks import an_event, signed
from tests.test_lift import THREE_DS, TOTAL, copied, host

__all__ = ["copied", "host"]

pytestmark = pytest.mark.filterwarnings("ignore:'get_engine' is deprecated:DeprecationWarning")

MAX_WEBHOOK = 1024 * 1024
ORIGIN = "http://foreign.test"


@pytest.fixture
def database():
    """These tests are about HTTP: one database will do."""
    return "sqlite"


@pytest.fixture
def check(host):
    """Runs `flask omise check` beside a worker: its exit status and what it printed."""

    def run():
        with host.app.app_context():
            host.payments.engine.outbox.beat()
        result = host.app.test_cli_runner().invoke(args=["omise", "check"])
        return result.exit_code, result.output

    return run


@pytest.fixture
def check_of_settings(host):
    """Runs `flask omise check` in a shop with other settings: its exit status and its output."""

    def run(**changes):
        known = host.app.config.items()
        config = {name: value for name, value in known if name != "SECRET_KEY"} | changes
        app = host.shop.create_app(**config)
        host.payments.init_app(app)
        result = app.test_cli_runner().invoke(args=["omise", "check"])
        return result.exit_code, result.output

    return run


def is_sent_to_the_bank(host, world):
    """An order that waits at the bank: its id and its charge."""
    with host.app.test_request_context():
        order = host.shop.Order(user_id=1, total=TOTAL)
        host.shop.db.session.add(order)
        host.shop.db.session.commit()
        token = world.token(THREE_DS)
        host.payments.pay(order.id, TOTAL, "THB", token=token, return_to="/")
        (charge,) = world.charges()
        return order.id, charge


# CSRF protection of the host


@pytest.fixture(params=["before the engine", "after the engine"])
def protected(host, request):
    """The foreign shop with Flask-WTF's protection of every form."""
    if request.param == "after the engine":
        CSRFProtect(host.app)
    else:
        config = {name: value for name, value in host.app.config.items() if name != "SECRET_KEY"}
        host.app = host.shop.create_app(**config)
        CSRFProtect(host.app)
        host.payments.init_app(host.app)
    return host


def test_csrf_protection_accepts_webhooks_and_returns_from_the_bank(protected, world):
    order, charge = is_sent_to_the_bank(protected, world)
    world.at_the_bank(charge["authorize_uri"], "approve")
    path, body = charge["return_uri"].removeprefix(ORIGIN), an_event(charge["id"])

    back = protected.app.test_client().post(path, data={"PaRes": "…"})
    webhook = protected.app.test_client().post("/webhooks/omise", data=body, headers=signed(body))

    assert (back.status_code, webhook.status_code) == (303, 204)
    assert protected.status(order) == "paid"


def test_csrf_protection_still_covers_the_forms_of_the_host(protected):
    assert protected.app.test_client().post("/orders", data={}).status_code == 400


# Webhooks of any size


@pytest.mark.parametrize("has_length", [True, False], ids=["with a length", "chunked"])
def test_large_webhook_is_refused_before_it_is_read(host, has_length):
    body = io.BytesIO(b"x" * 3 * MAX_WEBHOOK)
    environ = {"CONTENT_LENGTH": str(3 * MAX_WEBHOOK)} if has_length else {}

    answer = host.app.test_client().post(
        "/webhooks/omise",
        input_stream=body,
        environ_overrides={"wsgi.input_terminated": True, **environ},
    )

    assert answer.status_code == 413
    assert body.tell() <= 1.1 * MAX_WEBHOOK


def test_host_that_reads_bodies_first_reads_no_large_webhook(host):
    """As a check of every request does."""
    host.app.before_request(lambda: flask.request.get_data() and None)

    answer = host.app.test_client().post("/webhooks/omise", data=b"x" * 3 * MAX_WEBHOOK)

    assert answer.status_code == 413


def test_webhook_of_the_largest_event_is_accepted(host):
    """Its host takes less from browsers."""
    host.app.config["MAX_CONTENT_LENGTH"] = 1000
    body = an_event("chrg_test_1").ljust(MAX_WEBHOOK)

    answer = host.app.test_client().post("/webhooks/omise", data=body, headers=signed(body))

    assert answer.status_code == 204


# Addresses


def test_return_by_form_keeps_the_path_of_a_mounted_host(host, world):
    """A server that mounts the host at a path says so in SCRIPT_NAME."""
    host.app.config["PUBLIC_URL"] = f"{ORIGIN}/shop"
    _, charge = is_sent_to_the_bank(host, world)
    address = charge["return_uri"].removeprefix(ORIGIN)
    path, client = address.removeprefix("/shop"), host.app.test_client()

    by_form = client.post(path, environ_overrides={"SCRIPT_NAME": "/shop"})

    assert by_form.location == address


@pytest.mark.parametrize("reference", ["2026/0001", "Order #7", "7?", "7%", "", ".", "..", "คำสั่ง"])
def test_reference_that_fits_into_no_address_is_refused(host, world, reference):
    with host.app.test_request_context(), pytest.raises(ValueError, match="does not fit into an"):
        host.payments.pay(reference, TOTAL, "THB", token=world.token())

    assert world.charges() == []


@pytest.mark.parametrize("reference", ["7", "ORD-2026_7.1", "a:b~c"])
def test_reference_brings_the_shopper_back(host, world, reference, monkeypatch):
    monkeypatch.setattr(host.payments._hooks, "on_change", None)  # its orders have numbers
    with host.app.test_request_context():
        token = world.token(THREE_DS)
        host.payments.pay(reference, TOTAL, "THB", token=token, return_to="/thanks")
    (charge,) = world.charges()
    world.at_the_bank(charge["authorize_uri"], "decline")
    path, client = charge["return_uri"].removeprefix(ORIGIN), host.app.test_client()

    assert client.post(path).location == path
    assert client.get(path).location == "/thanks"


# flask omise check


def test_check_finds_a_working_host(check):
    assert check() == (0, "0 problems; test mode\n")


def test_check_finds_csrf_protection_that_refuses_omise_and_the_bank(host, check):
    """As an extension that knows no exemptions, or a log-in for every page."""
    host.app.before_request(lambda: flask.abort(400))

    status, output = check()

    assert status == 1
    for name in ("A webhook", "A return from the bank"):
        assert f"{name} is answered with HTTP 400" in output


@pytest.mark.parametrize("url", [None, "", "shop.example", "/shop"])
def test_check_finds_a_missing_public_url(check_of_settings, url):
    assert check_of_settings(PUBLIC_URL=url) == (
        1,
        f"PUBLIC_URL is {url or 'not set'}: write the address at which shoppers reach the shop, "
        "such as https://shop.example\n1 problems; unknown mode\n",
    )


def test_check_finds_a_setting_that_cannot_work(check_of_settings):
    status, output = check_of_settings(OMISE_CAPTURE="later")

    assert (status, output.splitlines()[0]) == (1, "OMISE_CAPTURE is later: write true or false")


def test_replay_of_an_unknown_event_fails(host):
    result = host.app.test_cli_runner().invoke(args=["omise", "replay", "evnt_test_none"])

    assert (result.exit_code, result.stderr) == (1, "There is no event evnt_test_none.\n")


def test_replay_says_what_became_of_the_event(host, world):
    _, charge = is_sent_to_the_bank(host, world)
    body = an_event(charge["id"])
    host.app.test_client().post("/webhooks/omise", data=body, headers=signed(body))

    assert host.run("omise", "replay", "evnt_test_1") == "evnt_test_1: applied\n"

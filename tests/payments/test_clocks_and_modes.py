"""Clocks that disagree, calls that were held up, and keys of the other mode."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from omise_sandbox.testing.world import World
from storefront.payments.errors import OperationNotAllowed
from storefront.payments.statuses import OperationType
from tests.support.charges import charge_made_for
from tests.support.flask_shopper import FlaskShopper
from tests.support.webhooks import SECRET, an_event, signed

MUG = 39000
SKEWS = pytest.mark.parametrize("skew", [-600, 600], ids=["behind", "ahead"])


@pytest.fixture
def reconcile(app):
    """Runs the command: its exit status and what it printed."""

    def run(*period):
        result = app.test_cli_runner().invoke(args=["reconcile", *period])
        return result.exit_code, result.stdout

    return run


# Clocks


@SKEWS
def test_lost_charge_is_found_despite_clock_skew(clock, shopper, world, skew):
    clock.advance(skew)
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_after")

    shopper.pays()

    assert shopper.status == "paid"
    assert len(world.charges()) == 1


@SKEWS
def test_attempt_is_closed_on_time_despite_clock_skew(
    clock, services, shopper, world, repository, skew
):
    clock.advance(skew)
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    number = shopper.order_number

    clock.advance(services.settings.omise_settled_after - 5)
    services.engine.worker.run_due()
    assert repository.get(number).status == "confirming"

    clock.advance(10)
    services.engine.worker.run_due()
    assert repository.get(number).status == "payment_failed"


@SKEWS
def test_reconciliation_agrees_despite_clock_skew(clock, shopper, reconcile, skew):
    clock.advance(skew)
    shopper.puts_in_cart()
    shopper.pays()

    until = (clock() + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")

    assert reconcile("--until", until) == (
        0,
        "1 charges, 1 attempts, 0 repaired, 0 discrepancies, net difference ฿0.00\n",
    )


@SKEWS
def test_order_ends_right_when_clock_skew_rejects_webhooks(
    clock, shop_with, world, repository, skew
):
    app = shop_with(omise_webhook_secret=SecretStr(SECRET))
    shopper = FlaskShopper(app, world)
    clock.advance(skew)
    shopper.puts_in_cart()
    shopper.pays("4000000000003063")
    (charge,) = world.charges()
    world.at_the_bank(charge["authorize_uri"], "approve")
    body = an_event(charge["id"])

    refused = app.test_client().post("/webhooks/omise", data=body, headers=signed(body))
    assert refused.status_code == 401
    clock.advance(120)
    app.extensions["shop"].engine.worker.run_due()

    assert repository.get(shopper.order_number).status == "paid"


def test_charge_at_the_edge_of_a_period_is_matched(clock, shopper, reconcile, world):
    """Omise made it a second after the period ended; it is no difference in either period."""
    clock.advance(-1)
    shopper.puts_in_cart()
    shopper.pays()
    (charge,) = world.charges()
    edge = datetime.fromisoformat(charge["created_at"]).strftime("%Y-%m-%dT%H:%M:%S")
    earlier = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
    later = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")

    first = reconcile("--since", earlier, "--until", edge)
    second = reconcile("--since", edge, "--until", later)

    assert first == (
        0,
        "1 charges, 1 attempts, 0 repaired, 0 discrepancies, net difference ฿0.00\n",
    )
    assert second == (
        0,
        "0 charges, 0 attempts, 0 repaired, 0 discrepancies, net difference ฿0.00\n",
    )


# Calls that were held up


def test_delayed_charge_is_not_sent_after_its_deadline(services, clock, repository, shopper, world):
    """A vault so slow, or a machine that slept: by then the attempt may have been given up."""
    shopper.signs_up()
    shopper.puts_in_cart()
    world.fails("GET", "/tokens/*", "delay", seconds=0.5)

    with ThreadPoolExecutor(1) as pool:
        paying = pool.submit(shopper.pays, save_card="1")
        world.waits_for_the_fault()
        clock.advance(services.settings.omise_settled_after - 1)
        paying.result()

    order = repository.get(shopper.order_number)
    assert (order.status, order.latest_attempt.failure_code) == ("payment_failed", "unreachable")
    assert world.charges() == []


def test_delayed_refund_is_not_sent_after_its_deadline(services, clock, repository, paid, world):
    operations = services.engine.operations
    attempt, _ = operations._open_once_more(paid, OperationType.REFUND, MUG, "r1", None)
    clock.advance(services.settings.omise_settled_after - 1)

    operations._send(attempt)

    assert repository.find_attempt("r1").status == "rejected"
    assert world.charges()[0]["refunded_amount"] == 0


# Keys of the other mode


@pytest.fixture
def live_world(sandbox_url):
    """Another account, whose keys are live ones."""
    import requests

    keys = requests.post(f"{sandbox_url}/_sandbox/worlds", json={"livemode": True}, timeout=5)
    return World(sandbox_url, keys.json()["public_key"], keys.json()["secret_key"])


@pytest.fixture
def live_app(shop_with, live_world):
    """The same shop with live keys, over the same database."""
    return shop_with(
        omise_public_key=live_world.public_key,
        omise_secret_key=SecretStr(live_world.secret_key),
    )


@pytest.fixture
def live_shopper(live_app, live_world):
    """A shopper of the live mode."""
    return FlaskShopper(live_app, live_world)


def test_live_attempt_waits_until_its_keys_are_restored(
    live_app, live_shopper, live_world, services, repository, clock, reconcile
):
    live_world.fails("POST", "/charges", "drop_after")
    live_world.fails("GET", "/charges", "status", status=503, times=3)
    live_shopper.puts_in_cart()
    live_shopper.pays()
    assert live_shopper.status == "confirming"
    clock.advance(3600)

    services.engine.worker.run_due()
    assert reconcile()[0] == 0
    assert repository.get(live_shopper.order_number).status == "confirming"

    clock.advance(3600)
    live_app.extensions["shop"].engine.worker.run_due()
    assert repository.get(live_shopper.order_number).status == "paid"


def test_cart_becomes_a_new_order_after_a_change_of_keys(
    app, live_shopper, live_world, world, repository
):
    live_shopper.puts_in_cart()
    live_shopper.pays("4000000000000002")
    assert live_shopper.status == "payment_failed"
    in_live = live_shopper.order_number
    shopper = FlaskShopper(app, world)
    shopper.cookie = live_shopper.cookie

    shopper.pays()

    assert (shopper.status, repository.get(in_live).status) == ("paid", "cancelled")
    assert shopper.order_number != in_live
    assert [charge["livemode"] for charge in world.charges()] == [False]


def test_payment_of_the_other_mode_is_not_refunded(services, live_shopper):
    live_shopper.puts_in_cart()
    live_shopper.pays()
    assert live_shopper.status == "paid"

    with pytest.raises(OperationNotAllowed):
        services.engine.operations.refund(
            live_shopper.order_number, amount=MUG, idempotency_key="r1"
        )


def test_saved_cards_of_the_other_mode_are_not_offered(app, live_shopper, world):
    live_shopper.signs_up()
    live_shopper.sends("/cards", token=live_shopper.world.token())
    shopper = FlaskShopper(app, world)
    shopper.cookie = live_shopper.cookie

    assert shopper.cards == []


def test_charge_of_the_other_mode_is_not_applied(
    services, live_shopper, live_world, world, repository
):
    live_world.fails("POST", "/charges", "drop_before")
    live_shopper.puts_in_cart()
    live_shopper.pays()
    order = repository.get(live_shopper.order_number)
    made = charge_made_for(world, order.reference, attempt=order.latest_attempt.key)

    services.engine.resolver.sync_charge(made["id"])

    assert repository.get(order.reference).status == "confirming"

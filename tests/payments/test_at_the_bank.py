"""3-D Secure: whatever the shopper does at the bank, and in whichever order the news arrives."""

import pytest
from pydantic import SecretStr

from tests.support.shopper import ShopperAtTheShop
from tests.support.webhooks import SECRET, an_event, signed

MUG = 39000


@pytest.fixture
def settings(settings):
    """A shop that knows a webhook secret."""
    return settings.model_copy(update={"omise_webhook_secret": SecretStr(SECRET)})


@pytest.fixture
def bank(world, at_the_bank):
    """What the shopper does at the bank: the path that they are sent back to."""

    def choose(choice):
        return world.at_the_bank(at_the_bank, choice).removeprefix("http://shop.test")

    return choose


@pytest.fixture
def webhook(app, world):
    """Lets Omise tell the shop about the charge: the status of the answer."""

    def deliver(event_id="evnt_test_1"):
        body = an_event(world.charges()[0]["id"], event_id=event_id)
        client = app.test_client()
        return client.post("/webhooks/omise", data=body, headers=signed(body)).status_code

    return deliver


def the_charge(world):
    (charge,) = world.charges()
    return charge["status"], charge["amount"]


def test_a_tab_closed_at_the_bank_can_be_taken_up_again(shopper, world, bank, clock):
    shopper.sees("/checkout")
    assert shopper.status == "awaiting_payment"
    bank("approve")
    clock.advance(2)

    shopper.sees(f"/orders/{shopper.order_number}")

    assert shopper.status == "paid"
    assert the_charge(world) == ("successful", MUG)


def test_a_tab_closed_for_good_after_approving_is_found_by_the_worker(
    shopper, bank, parts, ledger, clock
):
    bank("approve")

    clock.advance(120)
    parts.engine.worker.run_due()

    assert ledger.order(shopper.order_number).status == "paid"


@pytest.mark.parametrize("choice", ["cancel", "decline"])
def test_a_payment_that_ended_at_the_bank_can_be_tried_again(shopper, world, bank, choice):
    back = bank(choice)

    shopper.sees(back)
    assert shopper.status == "payment_failed"
    shopper.pays()

    assert shopper.status == "paid"
    assert [charge["paid"] for charge in world.charges()] == [False, True]


def test_coming_back_twice_changes_nothing(shopper, world, bank):
    back = bank("approve")

    for _ in range(2):
        shopper.sees(back)

    assert shopper.status == "paid"
    assert the_charge(world) == ("successful", MUG)


def test_coming_back_before_the_webhook_ends_right(shopper, world, bank, webhook):
    shopper.sees(bank("approve"))
    assert shopper.status == "paid"

    assert webhook() == 204

    shopper.sees(f"/orders/{shopper.order_number}")
    assert shopper.status == "paid"
    assert the_charge(world) == ("successful", MUG)


def test_a_webhook_before_the_return_ends_right(shopper, world, ledger, bank, webhook):
    back = bank("approve")

    assert webhook() == 204
    assert ledger.order(shopper.order_number).status == "paid"
    shopper.sees(back)

    assert shopper.status == "paid"
    assert the_charge(world) == ("successful", MUG)


def test_coming_back_after_the_charge_expired_says_so_and_can_be_tried_again(
    shopper, world, at_the_bank, clock
):
    number = shopper.order_number
    back = world.charges()[0]["return_uri"].removeprefix("http://shop.test")
    world.advance(8 * 24 * 3600)
    clock.advance(8 * 24 * 3600)

    shopper.sees(back)
    assert shopper.status in {"expired", "payment_failed"}
    shopper.puts_in_cart()
    shopper.pays()

    assert shopper.status == "paid"
    assert [charge["paid"] for charge in world.charges()] == [False, True]
    assert number


def test_coming_back_without_cookies_ends_right(app, world, bank):
    back = bank("approve")
    another_browser = ShopperAtTheShop(app, world)

    another_browser.sees(back)

    assert another_browser.status == "paid"
    assert the_charge(world) == ("successful", MUG)


def test_a_webhook_that_never_comes_is_not_missed(shopper, parts, ledger, bank, clock):
    bank("approve")

    clock.advance(120)
    parts.engine.worker.run_due()

    assert ledger.order(shopper.order_number).status == "paid"


def test_a_late_webhook_of_an_order_that_was_refunded_since_changes_nothing(
    shopper, parts, ledger, bank, webhook
):
    shopper.sees(bank("approve"))
    number = shopper.order_number
    parts.engine.operations.refund(number, amount=MUG, idempotency_key="r1")

    assert webhook() == 204

    assert ledger.order(number).status == "refunded"

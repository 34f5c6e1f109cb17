"""3-D Secure: each outcome at the bank, and each order of return and webhook."""

import pytest
from pydantic import SecretStr

from tests.support.flask_shopper import FlaskShopper
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


def test_bank_page_can_be_reopened_after_its_tab_was_closed(shopper, world, bank, clock):
    shopper.sees("/checkout")
    assert shopper.status == "awaiting_payment"
    bank("approve")
    clock.advance(2)

    shopper.sees(f"/orders/{shopper.order_number}")

    assert shopper.status == "paid"
    assert the_charge(world) == ("successful", MUG)


def test_worker_finds_approval_after_the_tab_was_closed(shopper, bank, services, repository, clock):
    bank("approve")

    clock.advance(120)
    services.engine.worker.run_due()

    assert repository.get(shopper.order_number).status == "paid"


@pytest.mark.parametrize("choice", ["cancel", "decline"])
def test_payment_that_failed_at_the_bank_can_be_retried(shopper, world, bank, choice):
    back = bank(choice)

    shopper.sees(back)
    assert shopper.status == "payment_failed"
    shopper.pays()

    assert shopper.status == "paid"
    assert [charge["paid"] for charge in world.charges()] == [False, True]


def test_second_return_changes_nothing(shopper, world, bank):
    back = bank("approve")

    for _ in range(2):
        shopper.sees(back)

    assert shopper.status == "paid"
    assert the_charge(world) == ("successful", MUG)


def test_return_before_webhook_ends_right(shopper, world, bank, webhook):
    shopper.sees(bank("approve"))
    assert shopper.status == "paid"

    assert webhook() == 204

    shopper.sees(f"/orders/{shopper.order_number}")
    assert shopper.status == "paid"
    assert the_charge(world) == ("successful", MUG)


def test_webhook_before_return_ends_right(shopper, world, repository, bank, webhook):
    back = bank("approve")

    assert webhook() == 204
    assert repository.get(shopper.order_number).status == "paid"
    shopper.sees(back)

    assert shopper.status == "paid"
    assert the_charge(world) == ("successful", MUG)


def test_return_after_expiry_is_explained_and_can_be_retried(shopper, world, at_the_bank, clock):
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


def test_return_without_cookies_ends_right(app, world, bank):
    back = bank("approve")
    another_browser = FlaskShopper(app, world)

    another_browser.sees(back)

    assert another_browser.status == "paid"
    assert the_charge(world) == ("successful", MUG)


def test_payment_completes_without_a_webhook(shopper, services, repository, bank, clock):
    bank("approve")

    clock.advance(120)
    services.engine.worker.run_due()

    assert repository.get(shopper.order_number).status == "paid"


def test_late_webhook_of_a_refunded_order_changes_nothing(
    shopper, services, repository, bank, webhook
):
    shopper.sees(bank("approve"))
    number = shopper.order_number
    services.engine.operations.refund(number, amount=MUG, idempotency_key="r1")

    assert webhook() == 204

    assert repository.get(number).status == "refunded"

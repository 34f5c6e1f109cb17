"""A shop whose Omise hangs: pages answer in time, and the worker finds out what happened."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from storefront.payments.resolution import PAGE_TIMEOUT
from tests.support.records import event_statuses
from tests.support.webhooks import SECRET, an_event, signed

#: Longer than any page waits.
HANG = 10
#: What the rest of a page may take on a busy machine.
SLACK = 2


@pytest.fixture
def settings(settings):
    """A shop that would wait for long, and knows a webhook secret."""
    from pydantic import SecretStr

    secret = SecretStr(SECRET)
    return settings.model_copy(update={"omise_read_timeout": 30, "omise_webhook_secret": secret})


@pytest.fixture
def hanging(world):
    """Makes every GET of Omise hang, for so many of them."""

    def hang(times=10):
        world.fails("GET", "/*", "delay", seconds=HANG, times=times)

    return hang


def gets(world):
    """The paths that Omise was asked for, by GET."""
    return [
        row["path"] for row in world.control("GET", "requests")["data"] if row["method"] == "GET"
    ]


def test_order_page_says_confirming_in_time(shopper, at_the_bank, hanging, clock):
    clock.advance(5)
    hanging()
    began = monotonic()

    shopper.sees(f"/orders/{shopper.order_number}")

    assert monotonic() - began < PAGE_TIMEOUT.total_seconds() + SLACK
    assert shopper.page.status_code == 200


def test_checkout_waits_once_and_shows_saved_cards_as_unavailable(member, hanging, clock):
    member.puts_in_cart()
    clock.advance(600)  # the capability is asked for again
    hanging()
    began = monotonic()

    member.sees("/checkout")

    assert monotonic() - began < PAGE_TIMEOUT.total_seconds() + SLACK
    assert "We cannot show your saved cards right now" in member.text


def test_open_tabs_share_one_request(shopper, at_the_bank, hanging, world, clock):
    clock.advance(5)
    hanging()
    asked = len(gets(world))
    path = f"/orders/{shopper.order_number}/status"

    with ThreadPoolExecutor(3) as pool:
        pages = [pool.submit(tab.client.get, path) for tab in shopper.tabs(3)]
    statuses = [page.result().get_json()["status"] for page in pages]

    assert statuses == ["awaiting_payment"] * 3
    assert len(gets(world)) - asked <= 1


def test_one_request_per_payment_is_under_way(
    services, repository, shopper, at_the_bank, world, clock
):
    attempt = repository.get(shopper.order_number).unresolved_payment
    services.engine.sync.claim_poll(attempt.key, interval=PAGE_TIMEOUT * 0, lasting=PAGE_TIMEOUT)
    asked = gets(world)
    clock.advance(2)

    services.engine.resolver.payment(shopper.order_number)
    payment = services.engine.resolver.handle_return(shopper.order_number)

    assert payment.status == "confirming"
    assert gets(world) == asked


def test_webhook_is_left_to_a_worker_that_is_alive(
    app, services, repository, shopper, at_the_bank, world
):
    world.at_the_bank(at_the_bank, "approve")
    (charge,) = world.charges()
    services.engine.outbox.beat()
    asked, body = gets(world), an_event(charge["id"])

    answer = app.test_client().post("/webhooks/omise", data=body, headers=signed(body))

    assert answer.status_code == 204
    assert gets(world) == asked
    assert set(event_statuses(services.database).values()) == {"received"}

    services.engine.worker.run_due()
    assert repository.get(shopper.order_number).status == "paid"


def test_webhook_is_processed_at_once_when_the_worker_is_dead(
    app, services, repository, shopper, at_the_bank, world, clock
):
    world.at_the_bank(at_the_bank, "approve")
    (charge,) = world.charges()
    services.engine.outbox.beat()
    clock.advance(61)
    body = an_event(charge["id"])

    headers = signed(body, at=clock().timestamp())
    answer = app.test_client().post("/webhooks/omise", data=body, headers=headers)

    assert answer.status_code == 204
    assert repository.get(shopper.order_number).status == "paid"

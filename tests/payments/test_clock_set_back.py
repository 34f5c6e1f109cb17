"""The clock of the server is set back by an hour: nothing waits an hour longer."""

import pytest

from tests.support.flask_shopper import PASSWORD

HOUR = 3600


@pytest.fixture
def ahead(clock):
    """The clock runs ahead by an hour; gives what sets it right."""
    clock.advance(HOUR)
    return lambda: clock.advance(-HOUR)


def test_tasks_are_done_without_waiting_for_the_clock(shopper, ahead, clock, services, mailbox):
    services.engine.outbox.beat()
    shopper.puts_in_cart()
    shopper.pays()
    ahead()

    services.engine.outbox.beat()
    clock.advance(60)

    assert [mail["To"] for mail in mailbox.all()] == ["somchai@example.com"]


def test_lost_answer_is_found(shopper, ahead, services, world):
    services.engine.outbox.beat()
    world.fails("POST", "/charges", "drop_after")
    shopper.puts_in_cart()
    shopper.pays()
    ahead()

    services.engine.outbox.beat()
    services.engine.worker.run_due()

    shopper.sees(f"/orders/{shopper.order_number}")
    assert shopper.status == "paid"
    assert len(world.charges()) == 1


def test_order_page_asks_omise_at_once(shopper, ahead, world):
    world.fails("POST", "/charges", "drop_after")
    shopper.puts_in_cart()
    shopper.pays()
    ahead()

    shopper.sees(f"/orders/{shopper.order_number}")

    assert shopper.status == "paid"


def test_worker_that_fell_silent_before_is_noticed(ahead, services):
    services.engine.outbox.beat()
    ahead()

    assert not services.engine.outbox.is_worker_alive()


def test_failures_of_the_future_lock_no_one_out(shopper, ahead):
    shopper.signs_up()
    shopper.sends("/logout")
    for _ in range(12):
        shopper.sends("/login", email="somchai@example.com", password="a wrong one")
    ahead()

    shopper.sends("/login", email="somchai@example.com", password=PASSWORD)

    assert shopper.page.status_code == 303

"""A charge that waits at the bank is expired after a while, so that its stock comes back."""

from threading import Thread

import pytest

from storefront.payments.host import PaymentRequest
from storefront.payments.pending_charges import RETRY_INTERVAL
from storefront.payments.worker import MAX_FAILURES
from tests.payments.conftest import paid_charges

EXPIRE = "/charges/*/expire"


@pytest.fixture
def timeout(services):
    """How many seconds a charge may wait at the bank."""
    return services.settings.omise_pending_timeout


@pytest.fixture
def waiting(shopper, world, services):
    """The number of an order that waits at the bank for the last mugs."""
    services.inventory.set_level("mug", 2)
    shopper.puts_in_cart("mug", 2)
    shopper.pays("4000000000003063")
    assert shopper.status == "awaiting_payment"
    assert services.inventory.available() == {"mug": 0}
    return shopper.order_number


@pytest.fixture
def work(services, clock):
    """Lets the worker do what falls due within so many seconds, as it does when it runs."""

    def during(seconds):
        end = clock.ahead.total_seconds() + seconds
        services.engine.worker.run_due()
        while due := services.engine.worker.next_due():
            wait = (due - clock()).total_seconds() + 0.01
            if clock.ahead.total_seconds() + wait > end:
                break
            clock.advance(max(wait, 0))
            services.engine.worker.run_due()
        clock.advance(max(0, end - clock.ahead.total_seconds()))

    return during


@pytest.mark.parametrize(
    ("type_", "status"), [("truemoney_jumpapp", "expired"), ("promptpay", "awaiting_payment")]
)
def test_source_of_the_browser_is_expired_unless_it_has_a_code(
    app, services, repository, world, timeout, work, type_, status
):
    """What has a code ends at a time of its own, which Omise sets."""
    total = {"amount": 39000, "currency": "THB"}
    source = world.api("POST", "/sources", total | {"type": type_})["id"]
    request = PaymentRequest(reference="A1", amount=39000, currency="THB", source=source)
    with app.app_context():
        services.engine.service.pay(request)

    work(timeout + 5)

    assert repository.get("A1").status == status


def test_charge_that_waits_too_long_is_expired_and_its_stock_comes_back(
    shopper, world, services, repository, waiting, timeout, work
):
    work(timeout - 5)
    assert repository.get(waiting).status == "awaiting_payment"

    work(10)

    (charge,) = world.charges()
    assert (charge["status"], repository.get(waiting).status) == ("expired", "expired")
    assert services.inventory.available() == {"mug": 2}
    shopper.sees(f"/orders/{waiting}")
    assert "The time for confirming this payment has passed" in shopper.text
    assert "You have not been charged" in shopper.text


def test_shopper_pays_again_after_the_time_has_passed(
    shopper, world, repository, waiting, timeout, work
):
    work(timeout + 5)
    shopper.sees(f"/orders/{waiting}")
    shopper.sees("/checkout")
    shopper.pays()

    assert (shopper.status, shopper.order_number) == ("paid", waiting)
    assert len(paid_charges(world)) == 1


@pytest.mark.parametrize("choice", ["approve", "decline"])
def test_what_the_bank_decided_before_counts(
    world, services, repository, waiting, timeout, work, choice
):
    (charge,) = world.charges()
    work(timeout - 5)
    world.at_the_bank(charge["authorize_uri"], choice)

    work(10)

    expected = {"approve": ("paid", 0), "decline": ("payment_failed", 2)}[choice]
    assert (repository.get(waiting).status, services.inventory.available()["mug"]) == expected


def test_approval_in_the_same_moment_wins(world, repository, waiting, timeout, work):
    """Omise says pending, the shopper approves, and the request to expire is refused."""
    (charge,) = world.charges()
    work(timeout - 5)
    world.fails("GET", "/charges/*", "pause")
    worker = Thread(target=work, args=(10,))
    worker.start()
    (held,) = world.held()
    world.at_the_bank(charge["authorize_uri"], "approve")
    world.release(held)
    worker.join()

    assert repository.get(waiting).status == "paid"
    assert len(paid_charges(world)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"do": "status", "status": 503},
        {"do": "drop_before"},
        {"do": "status", "status": 400},
    ],
    ids=["server error", "no answer", "refused"],
)
def test_charge_that_cannot_be_expired_is_left_alone_and_tried_again(
    world, services, repository, waiting, timeout, work, caplog, fault
):
    world.fails("POST", EXPIRE, **fault)

    work(timeout + 5)
    assert repository.get(waiting).status == "awaiting_payment"
    assert services.inventory.available() == {"mug": 0}
    assert ("charge_not_expired", "ERROR") in {(r.message, r.levelname) for r in caplog.records}

    work(RETRY_INTERVAL.total_seconds() + 5)
    assert repository.get(waiting).status == "expired"
    assert services.inventory.available() == {"mug": 2}


def test_lost_answer_to_the_expiry_is_found(world, services, repository, waiting, timeout, work):
    world.fails("POST", EXPIRE, "drop_after")

    work(timeout + 5)
    assert repository.get(waiting).status == "awaiting_payment"

    work(RETRY_INTERVAL.total_seconds() + 5)
    assert repository.get(waiting).status == "expired"


def test_charge_of_another_account_is_not_expired(
    world, services, repository, waiting, timeout, work
):
    with services.database.transaction() as connection:
        payment = repository.lock_by_reference(connection, waiting)
        payment.account = "account_of_other_keys"
        repository.save(connection, payment)

    work(timeout + 5)

    assert world.charges()[0]["status"] == "pending"


def test_other_pages_have_the_same_time(shopper, world, repository, timeout, work):
    shopper.puts_in_cart()
    shopper.pays(token="", method="rabbit_linepay")
    assert shopper.status == "awaiting_payment"

    work(timeout + 5)

    assert repository.get(shopper.order_number).status == "expired"


def test_expiry_is_no_failure_of_the_card(app, waiting, timeout, work):
    work(timeout + 5)

    assert "shop_card_failures 0.0" in app.test_client().get("/metrics").get_data(as_text=True)


def test_refusals_give_no_charge_up(world, services, repository, waiting, timeout, work):
    world.fails("POST", EXPIRE, "status", status=400, times=MAX_FAILURES + 2)

    work(timeout + (MAX_FAILURES + 1) * RETRY_INTERVAL.total_seconds() + 60)
    assert repository.get(waiting).status == "awaiting_payment"
    assert services.engine.dead_letters.count() == 0

    work(2 * RETRY_INTERVAL.total_seconds())
    assert repository.get(waiting).status == "expired"

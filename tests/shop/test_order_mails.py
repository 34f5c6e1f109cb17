"""Mails about orders that are not paid at once: received, and failed or expired in the end."""

import pytest

EMAIL = "somchai@example.com"
A_WEEK = 8 * 24 * 3600


@pytest.fixture(autouse=True)
def _on_both_databases(database):
    """Each mail is sent once, on SQLite and on PostgreSQL."""


@pytest.fixture
def subjects(mailbox, clock):
    """The subjects of the mails so far, without the numbers of orders, a while later."""

    def read(number):
        clock.advance(61)
        return [subject.replace(f" {number}", "") for subject in mailbox.to(EMAIL)]

    return read


@pytest.fixture
def pending(shopper):
    """The number of an order that waits for a QR code to be paid."""
    shopper.puts_in_cart()
    shopper.pays(token="", method="promptpay")
    assert shopper.status == "awaiting_payment"
    return shopper.order_number


def expires(world, clock, services):
    world.advance(A_WEEK)
    clock.advance(A_WEEK)
    services.engine.worker.run_due()


RECEIVED = "We have received your order"
FAILED = "Your payment for order did not go through"
EXPIRED = "Your order has expired"
RECEIPT = "Your receipt for order"


def test_order_with_a_lost_result_is_received_and_fails(
    subjects, charge_never_sent, clock, services
):
    assert subjects(charge_never_sent) == [RECEIVED]

    clock.advance(services.settings.omise_settled_after)
    services.engine.worker.run_due()

    assert subjects(charge_never_sent) == [RECEIVED, FAILED]
    assert subjects(charge_never_sent) == [RECEIVED, FAILED]


def test_order_with_a_lost_result_is_received_and_paid(subjects, shopper, world, clock):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_after")
    world.fails("GET", "/charges", "status", status=503, times=12)
    shopper.pays()
    number = shopper.order_number

    assert subjects(number) == [RECEIVED]
    world.control("DELETE", "faults")
    clock.advance(120)
    assert subjects(number) == [RECEIVED, RECEIPT]


def test_pending_order_is_received_and_expires(subjects, pending, world, clock, services):
    assert subjects(pending) == [RECEIVED]

    expires(world, clock, services)

    assert subjects(pending) == [RECEIVED, EXPIRED]


def test_mail_opens_the_order_of_a_guest(mailbox, clock, stranger, pending):
    clock.advance(61)

    stranger.sees(mailbox.link(EMAIL, f"{RECEIVED} {pending}"))

    assert (stranger.order_number, stranger.status) == (pending, "awaiting_payment")


def test_second_failure_of_an_order_sends_no_second_mail(
    subjects, shopper, pending, world, clock, services
):
    subjects(pending)
    expires(world, clock, services)
    subjects(pending)
    shopper.pays("4000000000000002")

    assert subjects(pending) == [RECEIVED, EXPIRED]


def test_order_paid_after_a_failure_has_its_receipt(
    subjects, shopper, charge_never_sent, clock, services
):
    subjects(charge_never_sent)
    clock.advance(services.settings.omise_settled_after)
    services.engine.worker.run_due()

    shopper.pays()

    assert subjects(charge_never_sent) == [RECEIVED, RECEIPT]


def test_lapsed_authorization_is_mailed(subjects, held, world, clock, services):
    expires(world, clock, services)

    assert subjects(held) == [EXPIRED]


@pytest.mark.parametrize("card", ["4242424242424242", "4000000000000002"])
def test_result_at_once_needs_no_such_mail(subjects, shopper, card):
    shopper.puts_in_cart()
    shopper.pays(card)

    number = shopper.order_number

    assert {RECEIVED, FAILED} & set(subjects(number)) == set()


@pytest.mark.parametrize(
    ("language", "subject"), [("th", "เราได้รับคำสั่งซื้อ"), ("ja", "を受け付けました")]
)
def test_mail_is_in_the_language_of_the_order(mailbox, shopper, clock, language, subject):
    shopper.sends("/language", language=language)
    shopper.puts_in_cart()
    shopper.pays(token="", method="promptpay")
    clock.advance(61)

    (mail,) = mailbox.to(EMAIL)

    assert subject in mail

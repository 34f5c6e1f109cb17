"""A period with ten thousand charges, while shoppers go on paying."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from storefront.payments.charge_comparison import copy_charge
from storefront.payments.omise import OmiseClient
from storefront.payments.repository import PaymentRepository
from storefront.payments.statuses import attempt_status_for, payment_status_for
from tests.support.flask_shopper import FlaskShopper
from tests.support.records import a_payment

CHARGES = 10_000
PAGES = 101  #: of a hundred rows; a charge that is made meanwhile pushes one row to the last


@pytest.fixture
def database():
    """SQLite is enough: the statements that compare are run on both by the other tests."""
    return "sqlite"


class CountingSession(requests.Session):
    """Counts the requests by method and path."""

    def __init__(self):
        super().__init__()
        self.sent = Counter()

    def send(self, request, **settings):
        self.sent[f"{request.method} {request.path_url.partition('?')[0]}"] += 1
        return super().send(request, **settings)


@pytest.fixture
def session(services, world):
    """The requests that the reconciliation sends."""
    with CountingSession() as session:
        services.engine.reconciler._omise = OmiseClient(
            public_key=world.public_key,
            secret_key=world.secret_key,
            api_url=world.url,
            session=session,
        )
        yield session


@pytest.fixture
def disputed(services, world, clock):
    """Ten thousand charges of a day, recorded but for their disputes; how many have one."""
    plan = {"charges": CHARGES, "customers": 100, "days": 1}
    seeded = world.control("POST", "seed", plan)["charges"]
    with services.database.transaction() as connection:
        listed = services.engine.omise.charges(since=clock() - timedelta(days=2))
        for number, charge in enumerate(listed):
            payment = a_payment(
                charge.created_at,
                attempt_status_for(charge),
                reference=f"B{number}",
                amount=charge.amount,
                currency=charge.currency,
            )
            undisputed = replace(charge, dispute=None)
            copy_charge(undisputed, payment.attempts[0])
            payment.status = payment_status_for(undisputed, returned=True)
            PaymentRepository.save(connection, payment, *payment.attempts)
    return seeded["disputed"]


def test_ten_thousand_charges_are_listed_once_and_only_differences_are_fetched(
    services, world, clock, session, disputed, shopper
):
    until = clock() + timedelta(hours=1)
    world.fails("GET", "/charges", "pause")
    with ThreadPoolExecutor(1) as pool:
        report = pool.submit(services.engine.reconciler.run, until - timedelta(days=2), until)
        (first_page,) = world.held()
        shopper.puts_in_cart()
        shopper.pays()
        world.release(first_page)
        report = report.result()

    assert shopper.status == "paid"
    assert report.discrepancies == []
    assert (report.charges, report.attempts) == (CHARGES + 1, CHARGES + 1)
    meanwhile = 1
    assert report.repaired == disputed + meanwhile
    assert session.sent.total() == PAGES + disputed + meanwhile


def test_lost_requests_are_searched_once_for_all(services, world, clock, session, app):
    for _ in range(3):
        shopper = FlaskShopper(app, world)
        shopper.puts_in_cart()
        world.fails("POST", "/charges", "drop_before")
        shopper.pays()
        assert shopper.status == "confirming"
    services.engine.resolver._omise = services.engine.reconciler._omise
    clock.advance(services.settings.omise_settled_after + 1)
    session.sent.clear()

    report = services.engine.reconciler.run(clock() - timedelta(days=1), clock())

    assert report.discrepancies == []
    assert report.repaired == 3
    assert session.sent == {"GET /charges": 2}

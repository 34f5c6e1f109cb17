"""Charges that wait at the bank for too long, and that Omise does not expire."""

import pytest

EXPIRE = "/charges/*/expire"
LABEL = "Charges that could not be expired: 1"


@pytest.fixture
def waiting(shopper, services, clock):
    """The number of an order whose charge should have expired."""
    shopper.puts_in_cart()
    shopper.pays("4000000000003063")
    clock.advance(services.settings.omise_pending_timeout + 5)
    return shopper.order_number


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"do": "status", "status": 400}, "Omise refuses to expire it (400 "),
        ({"do": "status", "status": 503}, "the result is not known"),
        ({"do": "drop_after"}, "the result is not known"),
        ({"do": "drop_before"}, "Omise gave no usable answer"),
    ],
    ids=["refused", "server error", "lost answer", "lost request"],
)
def test_charge_that_omise_does_not_expire_needs_attention(
    database, staff, waiting, world, services, fault, reason
):
    world.fails("POST", EXPIRE, **fault)

    services.engine.worker.run_due()

    assert LABEL in staff.sees("/admin").get_data(as_text=True)
    (charge,) = world.charges()
    page = staff.sees("/admin/tasks").get_data(as_text=True)
    assert f'href="/admin/orders/{waiting}"' in page
    assert reason in page
    assert f"#payments/{charge['id']}" in page
    assert reason in staff.sees(f"/admin/orders/{waiting}").get_data(as_text=True)


def test_charge_that_is_expired_in_time_needs_no_attention(staff, waiting, services, repository):
    services.engine.worker.run_due()

    assert repository.get(waiting).status == "expired"
    assert "could not be expired" not in staff.sees("/admin").get_data(as_text=True)
    assert "No overdue charges." in staff.sees("/admin/tasks").get_data(as_text=True)


def test_charge_that_is_expired_at_last_needs_no_attention(
    staff, waiting, world, services, clock, repository
):
    world.fails("POST", EXPIRE, "status", status=400)
    services.engine.worker.run_due()
    assert LABEL in staff.sees("/admin").get_data(as_text=True)

    clock.advance(16 * 60)
    services.engine.worker.run_due()

    assert repository.get(waiting).status == "expired"
    assert "could not be expired" not in staff.sees("/admin").get_data(as_text=True)


def test_other_order_says_nothing_of_it(staff, waiting, stranger, world, services):
    world.fails("POST", EXPIRE, "status", status=400)
    services.engine.worker.run_due()
    stranger.puts_in_cart()
    stranger.pays()

    page = staff.sees(f"/admin/orders/{stranger.order_number}").get_data(as_text=True)

    assert "should have expired" not in page

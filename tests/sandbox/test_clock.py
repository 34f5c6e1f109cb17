"""The clock of a world: advance, freeze, return to real time; and clients with the real time."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.conftest import error_of
from tests.sandbox.receiver import SECRET, is_signed

DAY = 24 * 3600


def iso(moment):
    """The moment as a client writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_clock_runs(merchant):
    merchant.world.advance(3600)

    assert merchant.control("GET", "clock")["offset"] == pytest.approx(3600, abs=1)


def test_frozen_clock_stops_and_can_be_advanced(merchant):
    frozen = merchant.control("POST", "clock", {"frozen": True})["now"]
    charge = merchant.charge()

    moved = merchant.control("POST", "clock", {"advance": 24 * 3600})["now"]

    assert charge["created_at"] == frozen
    assert moved[8:10] != frozen[8:10]
    assert moved[11:] == frozen[11:]


@pytest.mark.parametrize("bad", [-1, "soon", "nan", "inf", True, 1e300])
def test_clock_rejects_going_back(merchant, bad):
    assert error_of(merchant.api.post("/_sandbox/clock", advance=bad)) == (400, "bad_request")


def test_clock_of_an_empty_world_can_be_set_to_any_time(merchant):
    long_ago = merchant.control("POST", "clock", {"frozen": True, "now": "2020-02-29T12:00:00Z"})
    charge = merchant.charge()

    back = merchant.api.post("/_sandbox/clock", now="2020-02-29T11:59:59Z")
    later = merchant.control("POST", "clock", {"now": "2020-03-08"})

    assert (long_ago["now"], charge["created_at"]) == ("2020-02-29T12:00:00Z",) * 2
    assert error_of(back) == (400, "bad_request")
    assert later["now"] == "2020-03-08T00:00:00Z"
    assert merchant.now(charge)["expired_at"] == charge["expires_at"]


def test_setting_the_clock_runs_due_tasks(merchant):
    held = merchant.charge(capture=False)

    merchant.control("POST", "clock", {"now": "2090-01-01"})

    assert merchant.now(held)["expired_at"] == held["expires_at"]
    assert merchant.events()[-1] == "charge.expire"


@pytest.mark.parametrize("bad", [5, "1969-12-31", "noon", True])
def test_clock_rejects_an_invalid_time(merchant, bad):
    assert error_of(merchant.api.post("/_sandbox/clock", now=bad)) == (400, "bad_request")


# Clients whose clock is that of the machine


def test_shop_works_on_after_a_day_has_passed(merchant, receiver):
    merchant.world.advance(DAY)
    card = merchant.charge()
    source = {"type": "promptpay", "amount": 100000, "currency": "thb"}
    expires_at = iso(datetime.now(UTC) + timedelta(minutes=15))
    qr_code = merchant.api.post(
        "/charges", amount=100000, currency="thb", source=source, expires_at=expires_at
    ).json()
    paid = merchant.api.post(f"/charges/{qr_code['id']}/mark_as_paid").json()
    refund = merchant.api.post(f"/charges/{card['id']}/refunds", amount=100000).json()

    webhooks = [receiver.next() for _ in range(4)]

    assert (card["status"], paid["status"], refund["status"]) == ("successful",) * 2 + ("closed",)
    assert all(is_signed(headers, body, SECRET) for headers, body in webhooks)
    assert all(
        abs(int(headers["Omise-Signature-Timestamp"]) - time.time()) < 60 for headers, _ in webhooks
    )


def expiry_of(merchant, expires_at):
    """The expiry of a charge that asks for this one, in seconds from its creation."""
    source = {"type": "promptpay", "amount": 100000, "currency": "thb"}
    charge = merchant.api.post(
        "/charges", amount=100000, currency="thb", source=source, expires_at=iso(expires_at)
    ).json()
    ends, begins = (datetime.fromisoformat(charge[name]) for name in ("expires_at", "created_at"))
    return (ends - begins).total_seconds()


def test_expiry_by_the_clock_of_the_machine_keeps_its_distance(merchant):
    merchant.world.advance(DAY)

    expiry = expiry_of(merchant, datetime.now(UTC) + timedelta(minutes=15))

    assert expiry == pytest.approx(15 * 60, abs=5)


def test_expiry_by_the_clock_of_the_world_is_taken_as_it_is(merchant):
    merchant.world.advance(DAY)

    expiry = expiry_of(merchant, datetime.now(UTC) + timedelta(days=1, minutes=15))

    assert expiry == pytest.approx(15 * 60, abs=5)


def test_expiry_past_on_both_clocks_is_rejected(merchant):
    merchant.world.advance(DAY)
    wanted = {"amount": 100000, "currency": "thb", "expires_at": "2020-01-01T00:00:00Z"}

    refused = merchant.api.post("/charges", card=merchant.token()["id"], **wanted)

    assert error_of(refused) == (400, "invalid_charge")


def test_clock_returns_to_real_time(merchant):
    merchant.world.advance(DAY)
    merchant.control("POST", "clock", {"frozen": True})
    merchant.charge()

    clock = merchant.control("POST", "clock", {"real": True})

    assert (clock["offset"], clock["frozen"]) == (pytest.approx(0, abs=1), False)
    assert clock["now"] == clock["real"]


def test_charges_of_the_future_stay_listed_in_real_time(merchant):
    merchant.world.advance(DAY)
    later = merchant.charge()
    merchant.control("POST", "clock", {"real": True})
    now = merchant.charge()

    def listed(**period):
        return [charge["id"] for charge in merchant.api.get("/charges", **period).json()["data"]]

    assert listed() == [later["id"], now["id"]]
    assert listed(to=now["created_at"]) == [now["id"]]
    assert listed(**{"from": later["created_at"]}) == [later["id"]]

"""Copied and forged sessions of staff, and their separation from sessions of shoppers."""

import pytest

from tests.attacks.conftest import PASSWORD as STAFF_PASSWORD
from tests.attacks.conftest import STAFF, is_logged_in
from tests.support.flask_shopper import PASSWORD, FlaskShopper

EMAIL = "somchai@example.com"


@pytest.fixture
def colleague(app, world):
    """Logs in the same member of staff on another computer."""

    def logs_in():
        person = FlaskShopper(app, world)
        person.sends("/admin/login", email=STAFF, password=STAFF_PASSWORD)
        return person

    return logs_in


def is_at_work(person):
    return person.client.get("/admin").status_code == 200


@pytest.mark.usefixtures("database")
def test_copied_staff_cookie_is_invalid_after_logout(staff, thief, colleague):
    copy, elsewhere = thief(staff.cookie), colleague()
    assert is_at_work(copy)

    staff.sends("/admin/logout")

    assert not is_at_work(copy)
    assert is_at_work(elsewhere)


def test_copied_staff_cookie_opens_no_order_after_logout(staff, thief):
    staff.puts_in_cart()
    staff.pays()
    number, copy = staff.order_number, thief(staff.cookie)
    assert is_at_work(staff)
    assert copy.client.get(f"/orders/{number}").status_code == 200

    staff.sends("/admin/logout")

    assert copy.client.get(f"/orders/{number}").status_code == 404


def test_staff_session_opens_no_shopper_pages(staff, paid, member):
    assert staff.client.get("/orders").status_code == 303
    assert staff.client.get("/cards").status_code == 303
    assert staff.client.get("/account").status_code == 303
    assert staff.client.get(f"/orders/{paid}").status_code == 404
    assert staff.sends(f"/orders/{paid}/cancel-payment").status_code == 404


def test_session_is_of_a_shopper_or_of_staff(member, services, thief):
    services.staff_accounts.create_or_reset(STAFF, STAFF_PASSWORD)
    planted = member.cookie

    member.sends("/admin/login", email=STAFF, password=STAFF_PASSWORD)
    assert member.client.get("/admin").status_code == 200
    assert not is_logged_in(member)
    assert thief(planted).client.get("/admin").location == "/admin/login"

    member.sends("/login", email=EMAIL, password=PASSWORD)
    assert is_logged_in(member)
    assert member.client.get("/admin").location == "/admin/login"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        *(
            ("staff", change)
            for change in ({"version": 0}, {"version": 2}, {"id": 2}, {"id": None})
        ),
        *(("login", change) for change in ({"since": 0}, {"since": "soon"}, {"key": "a guess"})),
    ],
    ids=str,
)
def test_changed_staff_session_is_invalid(staff, name, change):
    with staff.client.session_transaction() as session:
        session[name] = session[name] | change

    assert staff.client.get("/admin").location == "/admin/login"


def test_staff_session_expires(staff, clock):
    clock.advance(8 * 3600 - 60)
    assert is_at_work(staff)

    clock.advance(120)

    assert not is_at_work(staff)

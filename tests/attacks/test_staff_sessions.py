"""Sessions of staff: copied, forged, and kept apart from those of shoppers."""

import pytest

from tests.attacks.conftest import PASSWORD as STAFF_PASSWORD
from tests.attacks.conftest import STAFF, is_logged_in
from tests.support.shopper import PASSWORD, ShopperAtTheShop

EMAIL = "somchai@example.com"


@pytest.fixture
def colleague(app, world):
    """The same person of the staff at another computer."""

    def logs_in():
        person = ShopperAtTheShop(app, world)
        person.sends("/admin/login", email=STAFF, password=STAFF_PASSWORD)
        return person

    return logs_in


def is_at_work(person):
    return person.client.get("/admin").status_code == 200


@pytest.mark.usefixtures("database")
def test_a_copy_of_a_cookie_of_staff_is_worth_nothing_after_log_out(staff, thief, colleague):
    copy, elsewhere = thief(staff.cookie), colleague()
    assert is_at_work(copy)

    staff.sends("/admin/logout")

    assert not is_at_work(copy)
    assert is_at_work(elsewhere)


def test_a_copy_of_a_cookie_of_staff_sees_nothing_of_what_they_bought(staff, thief):
    staff.puts_in_cart()
    staff.pays()
    number, copy = staff.order_number, thief(staff.cookie)
    assert is_at_work(staff)
    assert copy.client.get(f"/orders/{number}").status_code == 200

    staff.sends("/admin/logout")

    assert copy.client.get(f"/orders/{number}").status_code == 404


def test_a_session_of_staff_opens_nothing_of_shoppers(staff, paid, member):
    assert staff.client.get("/orders").status_code == 303
    assert staff.client.get("/cards").status_code == 303
    assert staff.client.get("/account").status_code == 303
    assert staff.client.get(f"/orders/{paid}").status_code == 404
    assert staff.sends(f"/orders/{paid}/cancel-payment").status_code == 404


def test_nobody_is_shopper_and_staff_at_once(member, parts, thief):
    parts.staff_accounts.create_or_reset(STAFF, STAFF_PASSWORD)
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
def test_a_session_of_staff_ends(staff, name, change):
    with staff.client.session_transaction() as session:
        session[name] = session[name] | change

    assert staff.client.get("/admin").location == "/admin/login"


def test_a_shift_of_staff_ends(staff, clock):
    clock.advance(8 * 3600 - 60)
    assert is_at_work(staff)

    clock.advance(120)

    assert not is_at_work(staff)

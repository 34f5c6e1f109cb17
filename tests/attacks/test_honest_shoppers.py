"""Honest shoppers are not taken for attackers, and cannot be made to look like them."""

from collections import Counter

import pytest

from tests.attacks.conftest import PASSWORD as STAFF_PASSWORD
from tests.attacks.conftest import STAFF
from tests.support.clock import StandingClock
from tests.support.crowd import address
from tests.support.flask_shopper import PASSWORD, FlaskShopper


#: The clock stands still, so that no pause ends during a test.
@pytest.fixture
def clock():
    return StandingClock()


@pytest.mark.parametrize("networks", [170, 1], ids=["many networks", "one network"])
def test_shoppers_at_their_bank_are_no_failures(crowd, app, world, networks):
    """A bank that is slow to ask says nothing about the card."""
    world.control("POST", "settings", {"three_ds": "always"})
    count = 170 if networks > 1 else 35

    answers = [
        crowd.pay(address(n % networks), f"h{n}@example.com", crowd.honest_card(n))
        for n in range(count)
    ]

    assert [answer.status_code for answer in answers] == [202] * count
    assert "shop_card_failures 0.0" in app.test_client().get("/metrics").get_data(as_text=True)


def test_outage_of_omise_is_no_failure(crowd, world):
    """Attempts with an unknown result are no failures."""
    world.fails("POST", "/charges", "status", status=500, times=40)

    answers = [crowd.pay("8.8.8.8", f"h{n}@example.com") for n in range(40)]

    assert {answer.status_code for answer in answers} == {202}
    assert crowd.pay("8.8.8.8", "next@example.com").status_code == 200


def paid_browser(app, world, ip="9.9.9.9"):
    """A shopper who paid here before."""
    known = FlaskShopper(app, world)
    known.client.environ_base["REMOTE_ADDR"] = ip
    known.puts_in_cart()
    known.pays(email="known@example.com")
    assert known.status == "paid"
    known.puts_in_cart()
    return known


def decline(crowd, count, ip=None, email=None):
    """Stolen cards, by default each from another network."""
    for n in range(count):
        answer = crowd.pay(ip or address(n), email or f"t{n}@example.com", crowd.stolen_card())
        assert answer.status_code == 402


def test_attack_closes_cards_for_no_honest_network(crowd):
    decline(crowd, 60)

    answers = [crowd.pay(address(200 + n), f"h{n}@example.com").status_code for n in range(40)]

    assert answers == [200] * 40
    assert crowd.pay(address(0), "t@example.com", crowd.stolen_card()).status_code == 429


def test_browser_that_paid_before_is_exempt_from_shared_limits(crowd, app, world):
    known = paid_browser(app, world, "8.8.4.7")
    decline(crowd, 30, ip="8.8.4.4")
    assert crowd.pay("8.8.4.9", "stranger@example.com").status_code == 429

    known.pays(email="known@example.com")

    assert known.status == "paid"


def test_browser_that_paid_before_has_a_limit_that_no_new_session_resets(crowd, app, world):
    known = paid_browser(app, world)
    cookie = known.client.get_cookie("lantern_loom_session_device").value
    answers = []
    for n in range(12):
        client = crowd.client()
        client.set_cookie("lantern_loom_session_device", cookie)
        answers.append(crowd.pay(address(n), f"t{n}@example.com", crowd.stolen_card(), client))

    assert [answer.status_code for answer in answers] == [402] * 8 + [429] * 4


def test_typed_email_of_a_victim_blocks_no_payment(crowd):
    for n in range(30):
        crowd.pay(address(n), "victim@example.com", crowd.stolen_card())

    assert crowd.pay("9.9.9.9", "victim@example.com").status_code == 200


@pytest.mark.parametrize("cookie", ["garbage", "", "a.b.c"])
def test_forged_device_cookie_is_a_stranger(crowd, cookie):
    decline(crowd, 30, ip="8.8.4.4")
    client = crowd.client()
    client.set_cookie("lantern_loom_session_device", cookie)

    assert crowd.pay("8.8.4.9", "a@example.com", client=client).status_code == 429


def test_wrong_passwords_of_strangers_lock_out_no_known_browser(shopper, stranger, app, world):
    shopper.signs_up()
    shopper.sends("/logout")
    for _ in range(12):
        stranger.sends("/login", email="somchai@example.com", password="a wrong password")

    answer = shopper.sends("/login", email="somchai@example.com", password=PASSWORD)

    assert answer.status_code == 303
    # Another account's browser is a stranger here.
    stranger.signs_up("other@example.com")
    other = stranger.sends("/login", email="somchai@example.com", password=PASSWORD)
    assert other.status_code == 429


def test_logins_of_staff_are_counted_apart(stranger, shopper, services):
    services.staff_accounts.create_or_reset("anong@example.com", PASSWORD)
    for _ in range(12):
        stranger.sends("/login", email="anong@example.com", password="a wrong password")

    answer = shopper.sends("/admin/login", email="anong@example.com", password=PASSWORD)

    assert answer.location == "/admin"


def test_staff_who_logged_in_here_before_are_not_locked_out(stranger, staff):
    staff.sends("/admin/logout")
    for _ in range(12):
        stranger.sends("/admin/login", email=STAFF, password="a wrong password")

    assert staff.sends("/admin/login", email=STAFF, password=STAFF_PASSWORD).location == "/admin"


@pytest.mark.parametrize("order", ["networks in turn", "one network after the other"])
def test_attack_run(crowd, world, order, attack_counter):
    """1,000 stolen numbers from 100 networks; 100 honest shoppers buy, half by 3-D Secure."""
    sums, token = Counter(), None
    for n in range(1000):
        token = token or crowd.stolen_card()
        network = n % 100 if order == "networks in turn" else n // 10
        answer = crowd.pay(address(network), f"t{n}@example.com", token)
        if answer.status_code == 402:
            sums["stolen"], token = sums["stolen"] + 1, None
        if n % 10 == 0:
            card = world.token("4000000000003063") if n % 20 else crowd.honest_card(n)
            honest = crowd.pay(address(500 + n), f"h{n}@example.com", card).status_code
            sums[{200: "paid", 202: "at the bank", 429: "slowed"}.get(honest, "refused")] += 1
    attack_counter["stolen cards in the attack runs"] += 1000
    attack_counter["stolen cards in the attack runs that reached Omise"] += sums["stolen"]
    attack_counter["honest shoppers in the attack runs"] += 100
    attack_counter["honest shoppers in the attack runs slowed"] += sums["slowed"]
    attack_counter["honest shoppers in the attack runs refused"] += sums["refused"]

    assert sums["stolen"] <= 150
    assert sums["slowed"] <= 5
    assert sums["refused"] == 0
    assert sums["paid"] + sums["at the bank"] + sums["slowed"] == 100

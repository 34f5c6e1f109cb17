"""Paying: one click, one charge, and an order that tells the truth about it."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.shopper import ShopperAtTheShop

MUG = 39000


def order_on(page):
    return re.search(r"/orders/([A-Z0-9]+)", page.location)[1]


def test_a_card_is_charged_once_and_the_order_is_paid(shopper, world, dialect):
    shopper.puts_in_cart("mug", 2)

    shopper.pays()

    assert shopper.status == "paid"
    (charge,) = world.charges()
    assert (charge["amount"], charge["currency"], charge["paid"]) == (2 * MUG, "THB", True)
    assert charge["metadata"]["order"] == shopper.order_number


def test_the_order_is_on_disk_before_omise_is_asked(shopper, world, ledger):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")

    shopper.pays()

    order = ledger.order(shopper.order_number)
    assert (order.amount, order.status, order.newest_charge.state) == (
        MUG,
        "confirming",
        "unknown",
    )
    assert world.charges() == []


def test_the_cart_is_empty_after_paying(shopper):
    shopper.puts_in_cart()

    shopper.pays()
    shopper.sees("/cart")

    assert "Your cart is empty" in shopper.text


def test_a_declined_card_is_explained_and_another_one_may_be_tried(shopper, world, dialect):
    shopper.puts_in_cart()

    shopper.pays("4000000000000002")
    declined = shopper.order_number

    assert shopper.status == "payment_failed"
    assert "Your bank declined the payment." in shopper.text
    shopper.pays()
    assert (shopper.status, shopper.order_number) == ("paid", declined)
    assert [charge["status"] for charge in world.charges()] == ["failed", "successful"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("4111111111140011", "not enough money"),
        ("4111111111130012", "blocked this card"),
        ("4111111111120013", "could not process"),
        ("4111111111110014", "declined the payment"),
        ("4111111111190016", "security check"),
        ("4111111111180017", "does not know this card number"),
    ],
)
def test_each_decline_has_its_own_words(shopper, number, words):
    shopper.puts_in_cart()

    shopper.pays(number)

    assert shopper.status == "payment_failed"
    assert words in shopper.text


def test_a_second_click_finds_the_order_of_the_first(shopper, world):
    shopper.puts_in_cart()
    cookie = shopper.client.get_cookie("session").value
    token = world.token()
    first = shopper.pays_by_json(token=token).get_json()

    shopper.client.set_cookie("session", cookie)
    second = shopper.pays_by_json(token=token).get_json()

    assert second == first
    assert len(world.charges()) == 1


@pytest.mark.parametrize("same_token", [True, False])
def test_two_clicks_at_once_make_one_charge(app, shopper, world, same_token):
    shopper.puts_in_cart()
    token = world.token()
    twins = []
    for _ in range(4):
        twin = ShopperAtTheShop(app, world)
        twin.client.set_cookie("session", shopper.client.get_cookie("session").value)
        twins.append((twin, token if same_token else world.token()))

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda pair: pair[0].pays_by_json(token=pair[1]), twins))

    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len({answer.get_json()["order"] for answer in answers}) == 1
    assert len(world.charges()) == 1


def test_the_page_sent_once_more_after_paying_leads_to_the_receipt(shopper, world):
    shopper.puts_in_cart()
    page = shopper.sees("/checkout").get_data(as_text=True)
    cart = re.search(r'name="cart" value="([^"]+)"', page)[1]
    shopper.pays(cart=cart)

    shopper.pays(cart=cart)

    assert shopper.status == "paid"
    assert len(world.charges()) == 1


def test_the_checkout_of_a_paid_cart_leads_to_its_order(shopper):
    shopper.puts_in_cart()
    cookie = shopper.client.get_cookie("session").value
    shopper.pays()

    shopper.client.set_cookie("session", cookie)
    shopper.sees("/checkout")

    assert shopper.status == "paid"


def test_a_token_sent_for_another_cart_is_refused_here(shopper, world):
    token = world.token()
    shopper.puts_in_cart("mug")
    shopper.pays(token=token)
    shopper.puts_in_cart("lamp")

    answer = shopper.pays(token=token)

    assert answer.status_code == 409
    assert "These card details were used already." in shopper.text
    assert [charge["amount"] for charge in world.charges()] == [MUG]


def test_a_token_used_elsewhere_is_explained(shopper, world):
    token = world.token()
    world.api("POST", "/charges", {"amount": 5000, "currency": "THB", "card": token})
    shopper.puts_in_cart()

    shopper.pays(token=token)

    assert shopper.status == "payment_failed"
    assert "These card details were used already." in shopper.text


def test_a_token_that_expired_is_explained(shopper, world, dialect):
    token = world.token()
    world.advance(31 * 60)
    shopper.puts_in_cart()

    shopper.pays(token=token)

    assert shopper.status == "payment_failed"
    assert "The page was open for too long" in shopper.text
    assert "You have not been charged" in shopper.text
    assert world.charges() == []


def test_a_token_that_nobody_made_is_explained(shopper, dialect):
    shopper.puts_in_cart()

    shopper.pays(token="tokn_test_nobodymadethis00000")

    assert shopper.status == "payment_failed"
    assert "You have not been charged" in shopper.text


def test_a_changed_cart_gives_up_its_old_order(shopper, world, ledger):
    shopper.puts_in_cart("mug")
    shopper.pays("4000000000000002")
    given_up = shopper.order_number
    shopper.puts_in_cart("mug")

    shopper.pays()

    assert shopper.order_number != given_up
    assert ledger.order(given_up).status == "cancelled"
    assert [charge["amount"] for charge in world.charges()] == [MUG, 2 * MUG]


# When the answer is lost


@pytest.mark.parametrize("do", ["drop_after", "garbage"])
def test_a_lost_answer_is_found_again(shopper, world, clock, do):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", do)

    shopper.pays()
    assert shopper.status == "paid"

    assert len(world.charges()) == 1


def test_while_nothing_is_known_nothing_is_charged_again(shopper, world):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    unknown = shopper.order_number
    assert shopper.status == "confirming"
    assert "Do not pay again" in shopper.text

    shopper.pays()

    assert (shopper.status, shopper.order_number) == ("confirming", unknown)
    assert world.charges() == []


def test_a_charge_that_never_arrived_is_given_up_in_the_end(shopper, world, clock):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()

    clock.advance(4 * 60)
    shopper.sees(f"/orders/{shopper.order_number}")

    assert shopper.status == "payment_failed"
    assert "did not reach the bank. You have not been charged." in shopper.text
    shopper.pays()
    assert shopper.status == "paid"


def test_an_omise_that_cannot_be_reached_charges_nothing(shop_with, world):
    shopper = ShopperAtTheShop(shop_with(omise_api_url="http://127.0.0.1:9"), world)
    shopper.puts_in_cart()

    shopper.pays()

    assert shopper.status == "payment_failed"
    assert "We could not reach our payment service." in shopper.text
    assert world.charges() == []


def test_a_charge_that_is_not_what_was_asked_for_moves_nothing(shopper, world, ledger, parts):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")
    shopper.pays()
    attempt = ledger.order(shopper.order_number).newest_charge
    made = world.api(
        "POST",
        "/charges",
        {
            "amount": MUG,
            "currency": "THB",
            "card": world.token(),
            "metadata": {"order": shopper.order_number, "attempt": attempt.key},
        },
    )
    charge = parts.omise.charge(made["id"])

    for wrong in (
        {"amount": 1},
        {"currency": "JPY"},
        {"livemode": True},
        {"metadata": {"order": "ANOTHER", "attempt": attempt.key}},
    ):
        parts.outcomes.apply(replace(charge, **wrong))
        assert ledger.order(shopper.order_number).status == "confirming", wrong

    parts.outcomes.apply(charge)
    assert ledger.order(shopper.order_number).status == "paid"


def test_an_old_reading_changes_nothing(shopper, ledger, parts):
    shopper.puts_in_cart()
    shopper.pays()
    order = ledger.order(shopper.order_number)
    charge = parts.omise.charge(order.newest_charge.charge_id)

    parts.outcomes.apply(replace(charge, status="pending", paid=False, authorized=False))

    assert ledger.order(order.number).status == "paid"


# 3-D Secure


@pytest.fixture
def at_the_bank(shopper, world):
    """A shopper whose bank wants to see them, and the address of its page."""
    shopper.puts_in_cart()
    shopper.pays("4000000000003063")
    (charge,) = world.charges()
    return charge["authorize_uri"]


def test_the_order_page_sends_the_shopper_to_the_bank(shopper, at_the_bank):
    page = shopper.page.get_data(as_text=True)

    assert shopper.status == "awaiting_payment"
    assert re.search(rf'http-equiv="refresh" content="0; ?url={re.escape(at_the_bank)}"', page)
    assert f'href="{at_the_bank}"' in page


def test_the_order_page_sends_nobody_there_twice(shopper, at_the_bank):
    page = shopper.sees(f"/orders/{shopper.order_number}").get_data(as_text=True)

    assert "http-equiv" not in re.sub(r"<noscript>.*?</noscript>", "", page, flags=re.S)
    assert f'href="{at_the_bank}"' in page


@pytest.mark.parametrize(
    ("choice", "status"),
    [("approve", "paid"), ("decline", "payment_failed"), ("cancel", "payment_failed")],
)
def test_what_the_bank_says_is_read_from_omise(shopper, world, at_the_bank, choice, status):
    back = world.at_the_bank(at_the_bank, choice)

    shopper.sees(back.removeprefix("http://shop.test"))

    assert shopper.status == status
    assert len(world.charges()) == 1


def test_the_query_of_the_return_is_not_believed(shopper, at_the_bank, world):
    (charge,) = world.charges()
    back = charge["return_uri"].removeprefix("http://shop.test")

    shopper.sees(f"{back}&status=successful&paid=true")

    assert shopper.status == "confirming"
    assert f'href="{at_the_bank}"' in shopper.page.get_data(as_text=True)


def test_coming_back_works_without_the_session(app, world, at_the_bank):
    back = world.at_the_bank(at_the_bank, "approve")
    same_person = ShopperAtTheShop(app, world)

    same_person.sees(back.removeprefix("http://shop.test"))

    assert same_person.status == "paid"


def test_coming_back_by_post_keeps_the_session(shopper, world, at_the_bank):
    back = world.at_the_bank(at_the_bank, "approve").removeprefix("http://shop.test")

    answer = shopper.client.post(back)

    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers
    shopper.sees(answer.location)
    assert shopper.status == "paid"


def test_coming_back_twice_changes_nothing(shopper, world, at_the_bank):
    back = world.at_the_bank(at_the_bank, "approve").removeprefix("http://shop.test")

    shopper.sees(back)
    shopper.sees(back)

    assert shopper.status == "paid"
    assert len(world.charges()) == 1


@pytest.mark.parametrize("key", ["", "guess", "é"])
def test_a_return_without_the_key_reveals_nothing(stranger, shopper, at_the_bank, key):
    answer = stranger.client.get(
        f"/orders/{shopper.order_number}/return", query_string={"key": key}
    )

    assert answer.status_code == 404


def test_a_tab_closed_at_the_bank_can_be_taken_up_again(shopper, world, at_the_bank, clock):
    shopper.sees("/checkout")
    assert shopper.status == "awaiting_payment"

    back = world.at_the_bank(at_the_bank, "approve")
    clock.advance(2)
    shopper.sees(f"/orders/{shopper.order_number}")

    assert shopper.status == "paid"
    assert back.startswith("http://shop.test/orders/")


def test_the_status_of_an_order_is_watched(shopper, world, at_the_bank, clock):
    number = shopper.order_number
    before = shopper.client.get(f"/orders/{number}/status").get_json()
    world.at_the_bank(at_the_bank, "approve")

    clock.advance(2)
    after = shopper.client.get(f"/orders/{number}/status").get_json()

    assert before == {"status": "awaiting_payment", "final": False}
    assert after == {"status": "paid", "final": True}


# JSON, as the brief shows it


def test_the_json_call_of_the_brief(shopper, world, dialect):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(token=world.token(), amount=MUG)

    body = answer.get_json()
    (charge,) = world.charges()
    assert answer.status_code == 200
    assert body == {
        "success": True,
        "order": charge["metadata"]["order"],
        "charge": {"id": charge["id"], "status": "successful"},
        "redirect": f"/orders/{charge['metadata']['order']}",
    }


def test_a_decline_by_json(shopper, world):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(token=world.token("4000000000000002"))

    assert answer.status_code == 402
    assert answer.get_json()["code"] == "payment_rejected"


def test_the_way_to_the_bank_by_json(shopper, world):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(token=world.token("4000000000003063"))

    body = answer.get_json()
    assert answer.status_code == 202
    assert (body["success"], body["charge"]["status"]) == (False, "pending")
    assert body["redirect"] == f"/orders/{body['order']}?to=bank"


def test_an_unknown_outcome_by_json_is_no_failure(shopper, world):
    shopper.puts_in_cart()
    world.fails("POST", "/charges", "drop_before")

    answer = shopper.pays_by_json(token=world.token())

    assert answer.status_code == 202
    assert answer.get_json()["success"] is False
    assert answer.get_json()["charge"] == {"id": None, "status": "pending"}

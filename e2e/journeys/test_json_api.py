"""The JSON API, called as in Omise's guide by a script on the shop's own page."""

import pytest

from e2e.pages import BankPage, CheckoutPage, OrderPage
from e2e.support.cards import DECLINED, THREE_DS_CARD, VISA
from e2e.support.purchases import save_cards

MUG = 390_00

#: What is posted, and the status and the code of the answer.
INVALID: list[tuple[dict[str, object], int, str]] = [
    ({}, 422, "invalid_form"),
    ({"token": ""}, 422, "invalid_form"),
    ({"token": "nonsense"}, 422, "invalid_form"),
    ({"token": ["tokn_test_1"]}, 422, "invalid_form"),
    ({"token": "tokn_test_1", "card": "card_test_1"}, 422, "invalid_form"),
    ({"token": "tokn_test_1", "amount": "much"}, 422, "invalid_form"),
    ({"token": "tokn_test_0000000000000000001"}, 402, "token_not_found"),
    ({"card": "card_test_1"}, 404, "unknown_card"),
    ({"card": "../../charges"}, 404, "unknown_card"),
    ({"token": "tokn_test_1", "save_card": True}, 401, "login_required"),
    ({"token": "x" * 2_000_000}, 413, "too_large"),
]

GET_CARDS = """async () => {
  const response = await fetch("/cards", { headers: { Accept: "application/json" } })
  return await response.json()
}"""


@pytest.mark.both_dialects
def test_token_and_amount_pay_the_order(shopper, world):
    checkout = shopper.go_to_checkout()
    token = checkout.create_token(VISA)

    answer = checkout.post(token=token, amount=MUG)

    assert answer["status"] == 200
    assert answer["success"] is True
    assert answer["charge"]["id"].startswith("chrg_")
    assert answer["charge"]["status"] == "successful"
    shopper.page.goto(answer["redirect"])
    order = OrderPage(shopper.page)
    order.expect_status("paid")
    assert order.number == answer["order"]
    assert world.payments() == [(MUG, "successful")]


def test_token_alone_pays_the_total(shopper, world):
    checkout = shopper.go_to_checkout(quantity=2)

    answer = checkout.post(token=checkout.create_token(VISA))

    assert (answer["status"], answer["success"]) == (200, True)
    assert world.payments() == [(2 * MUG, "successful")]


def test_wrong_amount_is_rejected_with_the_right_one(shopper, world, quiet_browser):
    quiet_browser.expect_status(409)
    checkout = shopper.go_to_checkout()
    token = checkout.create_token(VISA)

    answers = [checkout.post(token=token, amount=amount) for amount in (100, MUG - 1, MUG + 1)]

    assert [(a["status"], a["code"], a["amount"]) for a in answers] == 3 * [
        (409, "amount_changed", MUG)
    ]
    assert world.payments() == []


@pytest.mark.both_dialects
def test_declined_card_says_why(shopper, world, quiet_browser):
    quiet_browser.expect_status(402)
    checkout = shopper.go_to_checkout()

    answer = checkout.post(token=checkout.create_token(DECLINED), amount=MUG)

    assert (answer["status"], answer["code"]) == (402, "payment_rejected")
    assert "Your bank declined the payment." in answer["error"]
    assert world.payments() == [(MUG, "failed")]


def test_three_ds_card_returns_a_redirect(shopper, world):
    checkout = shopper.go_to_checkout()

    answer = checkout.post(token=checkout.create_token(THREE_DS_CARD), amount=MUG)

    assert (answer["status"], answer["success"]) == (202, False)
    assert answer["charge"]["status"] == "pending"
    shopper.page.goto(answer["redirect"])
    BankPage(shopper.page).approve()
    OrderPage(shopper.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_a_saved_card_pays(member, world):
    save_cards(member.page.request, world, VISA)
    member.page.goto("/cards")
    card = member.page.evaluate(GET_CARDS)["cards"][0]["id"]

    answer = member.go_to_checkout().post(card=card, amount=MUG)

    assert (answer["status"], answer["success"]) == (200, True)
    assert world.payments() == [(MUG, "successful")]


def test_token_is_saved_while_it_pays(member, world):
    checkout = member.go_to_checkout()

    answer = checkout.post(token=checkout.create_token(VISA), amount=MUG, save_card=True)

    assert (answer["status"], answer["success"]) == (200, True)
    assert world.payments() == [(MUG, "successful")]
    assert world.saved_cards() == ["4242"]


def test_used_token_has_its_own_code(shopper, world, quiet_browser):
    quiet_browser.expect_status(409)
    checkout = shopper.go_to_checkout()
    token = checkout.create_token(VISA)
    checkout.post(token=token, amount=MUG)

    answer = shopper.go_to_checkout("lamp").post(token=token)

    assert (answer["status"], answer["code"]) == (409, "used_token")
    assert world.payments() == [(MUG, "successful")]


def test_expired_token_has_its_own_code(shopper, world, quiet_browser):
    quiet_browser.expect_status(402)
    checkout = shopper.go_to_checkout()
    token = checkout.create_token(VISA)
    world.advance_clock(minutes=31)

    answer = checkout.post(token=token, amount=MUG)

    assert (answer["status"], answer["code"]) == (402, "token_expired")
    assert world.payments() == []


def test_invalid_requests_are_rejected_and_the_cart_kept(shopper, world, quiet_browser):
    quiet_browser.expect_status(401, 402, 404, 413, 422)
    checkout = shopper.go_to_checkout()

    answers = [checkout.post(**order) for order, *_ in INVALID]

    assert [(answer["status"], answer["code"]) for answer in answers] == [
        (status, code) for _, status, code in INVALID
    ]
    assert world.payments() == []
    CheckoutPage.open(shopper.page).pay_with(VISA).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_empty_cart_cannot_be_paid(shopper, world, quiet_browser):
    quiet_browser.expect_status(409)
    checkout = shopper.go_to_checkout()
    token = checkout.create_token(VISA)
    shopper.page.context.clear_cookies()

    answer = checkout.post(token=token)

    assert (answer["status"], answer["code"]) == (409, "empty_cart")
    assert world.payments() == []

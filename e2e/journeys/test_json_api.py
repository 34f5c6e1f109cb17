"""The calls that Omise's guide shows, made by a script on the shop's own page."""

import pytest

from e2e.pages import BankPage, CheckoutPage, OrderPage
from e2e.support.cards import ASKS_THE_BANK, DECLINED, VISA

MUG = 390_00

#: What is posted, and the status and the code of the answer.
NONSENSE = [
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
def test_a_token_and_the_amount_pay_the_order(shopper, omise):
    checkout = shopper.at_checkout()
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
    assert omise.payments() == [(MUG, "successful")]


def test_a_token_alone_pays_what_the_cart_costs(shopper, omise):
    checkout = shopper.at_checkout(quantity=2)

    answer = checkout.post(token=checkout.create_token(VISA))

    assert (answer["status"], answer["success"]) == (200, True)
    assert omise.payments() == [(2 * MUG, "successful")]


def test_a_wrong_amount_is_refused_with_the_right_one(shopper, omise, quiet_browser):
    quiet_browser.expect("status of 409")
    checkout = shopper.at_checkout()
    token = checkout.create_token(VISA)

    answers = [checkout.post(token=token, amount=amount) for amount in (100, MUG - 1, MUG + 1)]

    assert [(a["status"], a["code"], a["amount"]) for a in answers] == 3 * [
        (409, "amount_changed", MUG)
    ]
    assert omise.payments() == []


@pytest.mark.both_dialects
def test_a_declined_card_says_why(shopper, omise, quiet_browser):
    quiet_browser.expect("status of 402")
    checkout = shopper.at_checkout()

    answer = checkout.post(token=checkout.create_token(DECLINED), amount=MUG)

    assert (answer["status"], answer["code"]) == (402, "payment_rejected")
    assert "Your bank declined the payment." in answer["error"]
    assert omise.payments() == [(MUG, "failed")]


def test_a_card_that_asks_the_bank_says_where_to_go_on(shopper, omise):
    checkout = shopper.at_checkout()

    answer = checkout.post(token=checkout.create_token(ASKS_THE_BANK), amount=MUG)

    assert (answer["status"], answer["success"]) == (202, False)
    assert answer["charge"]["status"] == "pending"
    shopper.page.goto(answer["redirect"])
    BankPage(shopper.page).approve()
    OrderPage(shopper.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_a_saved_card_pays(member, omise):
    member.has_saved(VISA)
    card = member.page.evaluate(GET_CARDS)["cards"][0]["id"]

    answer = member.at_checkout().post(card=card, amount=MUG)

    assert (answer["status"], answer["success"]) == (200, True)
    assert omise.payments() == [(MUG, "successful")]


def test_a_token_may_be_saved_while_it_pays(member, omise):
    checkout = member.at_checkout()

    answer = checkout.post(token=checkout.create_token(VISA), amount=MUG, save_card=True)

    assert (answer["status"], answer["success"]) == (200, True)
    assert omise.payments() == [(MUG, "successful")]
    assert omise.cards_kept() == ["4242"]


def test_a_used_token_is_told_as_such(shopper, omise, quiet_browser):
    quiet_browser.expect("status of 409")
    checkout = shopper.at_checkout()
    token = checkout.create_token(VISA)
    checkout.post(token=token, amount=MUG)

    answer = shopper.at_checkout("lamp").post(token=token)

    assert (answer["status"], answer["code"]) == (409, "used_token")
    assert omise.payments() == [(MUG, "successful")]


def test_an_expired_token_is_told_as_such(shopper, omise, quiet_browser):
    quiet_browser.expect("status of 402")
    checkout = shopper.at_checkout()
    token = checkout.create_token(VISA)
    omise.lets_time_pass(minutes=31)

    answer = checkout.post(token=token, amount=MUG)

    assert (answer["status"], answer["code"]) == (402, "token_expired")
    assert omise.payments() == []


def test_nonsense_is_refused_and_nothing_is_lost(shopper, omise, quiet_browser):
    quiet_browser.expect(*(f"status of {status}" for status in (401, 402, 404, 413, 422)))
    checkout = shopper.at_checkout()

    answers = [checkout.post(**order) for order, *_ in NONSENSE]

    assert [(answer["status"], answer["code"]) for answer in answers] == [
        (status, code) for _, status, code in NONSENSE
    ]
    assert omise.payments() == []
    CheckoutPage.open(shopper.page).pay_with(VISA).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_an_empty_cart_cannot_be_paid(shopper, omise, quiet_browser):
    quiet_browser.expect("status of 409")
    checkout = shopper.at_checkout()
    token = checkout.create_token(VISA)
    shopper.page.context.clear_cookies()

    answer = checkout.post(token=token)

    assert (answer["status"], answer["code"]) == (409, "empty_cart")
    assert omise.payments() == []

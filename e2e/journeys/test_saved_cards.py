"""Saved cards: kept by Omise, reached only through their owner."""

import pytest
from playwright.sync_api import expect

from e2e.pages import CardsPage, LoginPage, OrderPage, ProblemPage
from e2e.support.cards import ASKS_THE_BANK, DECLINED, MASTERCARD, VISA

MUG = 390_00

GET_CARDS = """async () => {
  const response = await fetch("/cards", { headers: { Accept: "application/json" } })
  return await response.json()
}"""


@pytest.mark.both_dialects
def test_a_card_saved_while_paying_is_listed_and_pays_the_next_order(member, omise):
    member.at_checkout().pay_with(VISA, save=True).expect_status("paid")
    expect(CardsPage.open(member.page).entry(VISA)).to_be_visible()

    checkout = member.at_checkout()
    checkout.choose(VISA.label)
    order = checkout.pay()

    order.expect_status("paid")
    expect(order.main).to_contain_text(VISA.label)
    assert omise.payments() == [(MUG, "successful"), (MUG, "successful")]
    assert omise.cards_kept() == ["4242"]


@pytest.mark.both_dialects
def test_a_second_card_can_be_added_and_chosen(member, omise):
    member.has_saved(VISA, MASTERCARD)

    checkout = member.at_checkout()
    member.page.get_by_role("radio", name="•••• 4444").check()
    expect(member.page.get_by_text("฿390.00 will be charged to")).to_have_count(2)
    expect(member.page.get_by_text("฿390.00 will be charged to").last).to_be_visible()
    order = checkout.pay()

    order.expect_status("paid")
    expect(order.main).to_contain_text("•••• 4444")
    assert omise.payments() == [(MUG, "successful")]
    assert omise.cards_kept() == ["4242", "4444"]


def test_a_saved_card_may_ask_the_bank(member, omise):
    member.has_saved(ASKS_THE_BANK)
    checkout = member.at_checkout()
    checkout.choose(ASKS_THE_BANK.label)

    checkout.go_to_bank().approve()

    OrderPage(member.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


def test_the_first_card_is_the_default_until_another_is(member):
    cards = member.has_saved(VISA, MASTERCARD)
    expect(cards.entry(VISA)).to_contain_text("Default")

    cards.make_default(MASTERCARD)

    expect(cards.entry(MASTERCARD)).to_contain_text("Default")
    expect(cards.entry(VISA)).not_to_contain_text("Default")
    expect(cards.main.get_by_role("listitem").first).to_contain_text(MASTERCARD.label)


@pytest.mark.both_dialects
def test_a_deleted_card_is_gone_at_omise_and_no_longer_offered(member, omise):
    cards = member.has_saved(VISA, MASTERCARD)

    cards.delete(VISA)

    expect(cards.entry(VISA)).to_have_count(0)
    assert omise.cards_kept() == ["4444"]
    checkout = member.at_checkout()
    expect(checkout.page.get_by_role("radio", name=VISA.label)).to_have_count(0)


def test_a_card_that_is_not_ticked_is_not_kept(member, omise):
    member.has_paid_with(VISA)

    cards = CardsPage.open(member.page)

    expect(cards.main).to_contain_text("You have no saved cards.")
    assert omise.cards_kept() == []


def test_a_declined_card_is_not_kept(member, omise):
    order = member.at_checkout().pay_with(DECLINED, save=True)

    order.expect_status("payment_failed")
    assert omise.cards_kept() == []


def test_the_cards_page_says_beside_the_field_what_the_vault_refuses(member, omise, quiet_browser):
    quiet_browser.expect("status of 402")
    omise.will_fail("POST", "/tokens", "status", status=402, code="invalid_card")
    cards = CardsPage.open(member.page)
    cards.card.enter(VISA)

    cards.save_button.click()

    cards.card.expect_problem(cards.card.number, "This card number was not accepted.")
    assert omise.cards_kept() == []


def test_a_page_may_read_the_cards_as_json(member):
    member.has_saved(VISA, MASTERCARD)

    cards = member.page.evaluate(GET_CARDS)["cards"]

    assert [card["last_digits"] for card in cards] == ["4242", "4444"]
    assert [card["default"] for card in cards] == [True, False]
    assert all(card["id"].startswith("card_") for card in cards)


def test_a_guest_is_asked_to_log_in_before_cards_are_shown(page):
    page.goto("/cards")

    LoginPage(page)


def test_somebody_elses_card_neither_pays_nor_can_be_deleted(
    member, another_shopper, omise, quiet_browser
):
    quiet_browser.expect("status of 404")
    member.has_saved(VISA)
    card = member.page.evaluate(GET_CARDS)["cards"][0]["id"]
    another_shopper.signs_up()
    another_shopper.has_saved(MASTERCARD)

    answer = another_shopper.at_checkout().post(card=card)
    cards = CardsPage.open(another_shopper.page)
    another_shopper.page.locator("form[action$='/delete']").evaluate(
        "(form, action) => { form.action = action }", f"/cards/{card}/delete"
    )
    cards.delete(MASTERCARD)

    assert (answer["status"], answer["code"]) == (404, "unknown_card")
    ProblemPage(another_shopper.page, 404)
    assert omise.payments() == []
    assert sorted(omise.cards_kept()) == ["4242", "4444"]

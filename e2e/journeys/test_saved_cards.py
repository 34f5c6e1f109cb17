"""Saved cards: stored at Omise, reached only through their owner."""

import pytest
from playwright.sync_api import expect

from e2e.pages import CardsPage, ErrorPage, LoginPage, OrderPage
from e2e.support.cards import DECLINED, MASTERCARD, THREE_DS_CARD, VISA
from e2e.support.purchases import save_cards

MUG = 390_00

GET_CARDS = """async () => {
  const response = await fetch("/cards", { headers: { Accept: "application/json" } })
  return await response.json()
}"""


@pytest.mark.both_dialects
def test_card_saved_while_paying_pays_the_next_order(member, world):
    member.go_to_checkout().pay_with(VISA, save=True).expect_status("paid")
    expect(CardsPage.open(member.page).entry(VISA)).to_be_visible()

    checkout = member.go_to_checkout()
    checkout.select_method(VISA.label)
    order = checkout.pay()

    order.expect_status("paid")
    expect(order.main).to_contain_text(VISA.label)
    assert world.payments() == [(MUG, "successful"), (MUG, "successful")]
    assert world.saved_cards() == ["4242"]


@pytest.mark.both_dialects
def test_second_card_is_added_and_selected(member, world):
    cards = CardsPage.open(member.page)
    cards.add(VISA)
    cards.add(MASTERCARD)

    checkout = member.go_to_checkout()
    member.page.get_by_role("radio", name="•••• 4444").check()
    expect(member.page.get_by_text("฿390.00 will be charged to")).to_have_count(2)
    expect(member.page.get_by_text("฿390.00 will be charged to").last).to_be_visible()
    order = checkout.pay()

    order.expect_status("paid")
    expect(order.main).to_contain_text("•••• 4444")
    assert world.payments() == [(MUG, "successful")]
    assert world.saved_cards() == ["4242", "4444"]


def test_saved_card_with_three_ds_pays(member, world):
    save_cards(member.page.request, world, THREE_DS_CARD)
    checkout = member.go_to_checkout()
    checkout.select_method(THREE_DS_CARD.label)

    checkout.go_to_bank().approve()

    OrderPage(member.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


def test_first_card_is_the_default_until_another_is(member, world):
    save_cards(member.page.request, world, VISA, MASTERCARD)
    cards = CardsPage.open(member.page)
    expect(cards.entry(VISA)).to_contain_text("Default")

    cards.make_default(MASTERCARD)

    expect(cards.entry(MASTERCARD)).to_contain_text("Default")
    expect(cards.entry(VISA)).not_to_contain_text("Default")
    expect(cards.main.get_by_role("listitem").first).to_contain_text(MASTERCARD.label)


def test_deleted_card_is_removed_at_omise(member, world):
    save_cards(member.page.request, world, VISA, MASTERCARD)
    cards = CardsPage.open(member.page)

    cards.delete(VISA)

    expect(cards.entry(VISA)).to_have_count(0)
    assert world.saved_cards() == ["4444"]
    checkout = member.go_to_checkout()
    expect(checkout.page.get_by_role("radio", name=VISA.label)).to_have_count(0)


def test_card_is_not_saved_unless_asked(member, world):
    member.buy_with(VISA)

    cards = CardsPage.open(member.page)

    expect(cards.main).to_contain_text("No saved cards yet.")
    assert world.saved_cards() == []


def test_declined_card_is_not_saved(member, world):
    order = member.go_to_checkout().pay_with(DECLINED, save=True)

    order.expect_status("payment_failed")
    assert world.saved_cards() == []


def test_cards_page_shows_a_rejection_beside_its_field(member, world, quiet_browser):
    quiet_browser.expect_status(402)
    world.add_fault("POST", "/tokens", "status", status=402, code="invalid_card")
    cards = CardsPage.open(member.page)
    cards.card.fill(VISA)

    cards.save_button.click()

    cards.card.expect_error(cards.card.number, "This card number was not accepted.")
    assert world.saved_cards() == []


def test_cards_are_read_as_json(member, world):
    save_cards(member.page.request, world, VISA, MASTERCARD)
    member.page.goto("/cards")

    cards = member.page.evaluate(GET_CARDS)["cards"]

    assert [card["last_digits"] for card in cards] == ["4242", "4444"]
    assert [card["default"] for card in cards] == [True, False]
    assert all(card["id"].startswith("card_") for card in cards)


def test_guest_logs_in_to_see_cards(page):
    page.goto("/cards")

    LoginPage(page)


def test_card_of_another_member_neither_pays_nor_is_deleted(
    member, another_shopper, world, quiet_browser
):
    quiet_browser.expect_status(404)
    save_cards(member.page.request, world, VISA)
    member.page.goto("/cards")
    card = member.page.evaluate(GET_CARDS)["cards"][0]["id"]
    another_shopper.sign_up()
    save_cards(another_shopper.page.request, world, MASTERCARD)

    answer = another_shopper.go_to_checkout().post(card=card)
    cards = CardsPage.open(another_shopper.page)
    another_shopper.page.locator("form[action$='/delete']").evaluate(
        "(form, action) => { form.action = action }", f"/cards/{card}/delete"
    )
    cards.delete(MASTERCARD)

    assert (answer["status"], answer["code"]) == (404, "unknown_card")
    ErrorPage(another_shopper.page, 404)
    assert world.payments() == []
    assert sorted(world.saved_cards()) == ["4242", "4444"]

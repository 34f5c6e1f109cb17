"""What the card fields make of what people type, paste and let the browser fill in."""

import re

import pytest
from playwright.sync_api import expect

from e2e.pages import CartPage
from e2e.support.cards import VISA, entered_cards

AMEX = "378282246310005"

EXPIRIES = [
    "08/29",
    "8/29",
    "0829",
    "08 29",
    "08-29",
    "08.29",
    "8 / 2029",
    "08/2029",
    "082029",
    "2029-08",
    " 08 / 29 ",
    "๐๘/๒๙",
    "０８／２９",  # noqa: RUF001  # as a Japanese keyboard writes it
]

BRANDS = {
    "4": "Visa",
    "51": "Mastercard",
    "2221": "Mastercard",
    "2720": "Mastercard",
    "37": "American Express",
    "3528": "JCB",
    "36": "Diners Club",
    "62": "UnionPay",
    "6011": "Discover",
    "2721": "",
    "9": "",
}

NUMBERS = {
    "4242424242424242": "4242 4242 4242 4242",
    "4242-4242-4242-4242": "4242 4242 4242 4242",
    " 4242 4242 4242 4242 ": "4242 4242 4242 4242",
    AMEX: "3782 822463 10005",
    "30569309025904": "3056 930902 5904",
    "４２４２４２４２": "4242 4242",  # noqa: RUF001  # as a Japanese keyboard writes it
    "\u202a4242\u200b4242\u00ad4242\u200e4242\u202c": "4242 4242 4242 4242",  # from a chat
    "card 4242": "card 4242",
}

PURPOSE = ("autocomplete", "inputmode", "name")

#: Where the text cursor stands.
CARET = "(input) => input.selectionStart"
PUT_CARET = "(input, place) => input.setSelectionRange(place, place)"

#: The part of the picture of all marks that is shown, which lies before the name.
MARK = "(brand) => getComputedStyle(brand, '::before').backgroundPosition"

#: What a browser does that fills in a form: the value at once, then the two events.
AUTOFILL = """(input, text) => {
  input.value = text
  input.dispatchEvent(new Event("input", { bubbles: true }))
  input.dispatchEvent(new Event("change", { bubbles: true }))
}"""


def after(field, text, shown=None):
    """What the page shows once the text has been pasted, and the field left."""
    field.fill("")
    field.focus()
    field.page.keyboard.insert_text(text)
    field.blur()
    return shown.inner_text() if shown else field.input_value()


@pytest.fixture
def card(shopper):
    """The fields of a new card at the checkout."""
    return shopper.go_to_checkout().card


def test_pasted_number_is_grouped(card):
    assert {pasted: after(card.number, pasted) for pasted in NUMBERS} == NUMBERS


def test_number_typed_before_the_script_loads_is_grouped(shopper, page):
    waiting = []
    page.route(re.compile(r"/card-form\.js"), lambda route: waiting.append(route))
    shopper.add_to_cart()
    card = CartPage.open(page).check_out().card
    card.number.press_sequentially(AMEX)
    expect(card.number).to_have_value(AMEX)

    for script in waiting:
        script.continue_()

    expect(card.number).to_have_value("3782 822463 10005")
    expect(card.security_code).to_have_accessible_description(re.compile("4 digits"))
    expect(card.number).to_be_focused()


def test_caret_stays_behind_its_digit(card, page):
    card.number.focus()
    page.keyboard.type("42424242")
    card.number.evaluate(PUT_CARET, 2)

    page.keyboard.type("111")

    expect(card.number).to_have_value("4211 1424 242")
    assert card.number.evaluate(CARET) == len("4211 1")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(card.number).to_have_value("4214 2424 2")
    assert card.number.evaluate(CARET) == len("421")


def test_digit_behind_a_gap_can_be_deleted(card, page):
    card.number.focus()
    page.keyboard.type("42421")
    expect(card.number).to_have_value("4242 1")

    page.keyboard.press("Backspace")

    expect(card.number).to_have_value("4242")


def test_brand_shows_while_the_number_is_typed(card, page):
    shown = page.locator("#card-brand")

    assert {digits: after(card.number, digits, shown) for digits in BRANDS} == BRANDS


def test_each_brand_has_a_mark_of_its_own(card, page):
    shown = page.locator("#card-brand")
    marks = {}
    for digits, brand in BRANDS.items():
        after(card.number, digits, shown)
        marks.setdefault(brand, set()).add(shown.evaluate(MARK))

    assert len(marks) == len(set(BRANDS.values()))
    assert len(set.union(*marks.values())) == len(marks)


def test_security_code_hint_follows_the_brand(card, page):
    expect(card.security_code).to_have_accessible_description(
        "3 digits on the back, or 4 on the front"
    )

    card.number.fill(AMEX)
    expect(card.security_code).to_have_accessible_description("4 digits on the front of the card")

    card.number.fill(VISA.number)
    expect(card.security_code).to_have_accessible_description("3 digits on the back of the card")


def test_expiry_date_accepts_common_spellings(card):
    assert {after(card.expiry, spelling) for spelling in EXPIRIES} == {"08 / 29"}
    card.expect_valid(card.expiry)


def test_field_is_validated_on_leaving_it(card, page):
    card.number.focus()
    page.keyboard.type("4242 4242 4242 4241")
    card.expect_valid(card.number)

    card.expiry.focus()
    expect(card.number).to_have_attribute("aria-invalid", "true")
    expect(card.summary).to_be_hidden()
    card.number.press_sequentially("2")

    card.expect_valid(card.number)


@pytest.mark.parametrize("between", [" / ", "/", "/20", " / 20"])
def test_values_set_by_autofill_pay(shopper, between):
    checkout = shopper.go_to_checkout()
    entered_cards.append(VISA)
    fields = {
        checkout.email: "nok@example.com",
        checkout.card.name: VISA.name,
        checkout.card.number: VISA.number,
        checkout.card.expiry: VISA.expiry.replace(" / ", between),
        checkout.card.security_code: VISA.security_code,
    }
    for field, text in fields.items():
        field.evaluate(AUTOFILL, text)
    expect(checkout.card.number).to_have_value("4242 4242 4242 4242")

    checkout.pay().expect_status("paid")


def test_fields_name_their_purpose(shopper):
    checkout = shopper.go_to_checkout()
    card = checkout.card
    fields = [checkout.email, card.name, card.number, card.expiry, card.security_code]

    known = [[field.get_attribute(name) for name in PURPOSE] for field in fields]

    assert known == [
        ["email", None, "email"],
        ["cc-name", None, None],
        ["cc-number", "numeric", None],
        ["cc-exp", "numeric", None],
        ["cc-csc", "numeric", None],
    ]

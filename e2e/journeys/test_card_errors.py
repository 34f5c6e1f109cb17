"""What is wrong with a card is said beside its field, whoever found it out."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from e2e.pages import OrderPage
from e2e.support.cards import LAST_YEAR, VISA

MUG = 390_00

#: What Chromium logs about an answer that is an error.
FAILED = "Failed to load resource"

ON_THE_PAGE = [
    ("number", "4242 4242 4242 4241", "Check the card number: a digit is wrong or missing."),
    ("number", "4242 4242", "Check the card number: a digit is wrong or missing."),
    ("number", "four two four two", "Check the card number: a digit is wrong or missing."),
    ("expiry", "13 / 40", "Enter the expiry date as a month and a year"),
    ("expiry", f"01 / {LAST_YEAR % 100}", "This card has expired. Use another card."),
    ("security_code", "12", "Enter the 3 digits from the back of the card."),
    ("name", " ", "Enter the name on the card."),
]

BY_THE_VAULT = [
    ("number", 402, "invalid_card", "card is invalid"),
    ("expiry", 402, "invalid_expiration_date", "expiration date is invalid"),
    ("security_code", 402, "invalid_security_code", "security code is invalid"),
    ("name", 400, "invalid_card", "name can't be blank"),
    ("number", 400, "invalid_card", "number is invalid and brand not supported (unknown)"),
    ("expiry", 400, "invalid_card", "expiration date cannot be in the past"),
    ("security_code", 400, "invalid_card", "security code is invalid"),
]

REFUSED = {
    "name": "Check the name on the card and enter it again.",
    "number": "This card number was not accepted.",
    "expiry": "This expiry date was not accepted.",
    "security_code": "This security code was not accepted.",
}

UNREACHED = "We could not reach the card service. Check your connection and try again."
NOT_TAKEN = "The card service could not take this card."


@pytest.mark.parametrize(("field", "text", "words"), ON_THE_PAGE)
def test_the_page_finds_what_is_wrong_before_omise_is_asked(shopper, omise, field, text, words):
    checkout = shopper.at_checkout()
    checkout.enter(replace(VISA, **{field: text}))

    checkout.press_pay()

    checkout.card.expect_problem(getattr(checkout.card, field), words)
    assert omise.payments() == []


def test_all_problems_are_shown_at_once(shopper):
    checkout = shopper.at_checkout()

    checkout.press_pay()

    expect(checkout.card.summary).to_be_focused()
    expect(checkout.card.summary.get_by_role("listitem")).to_have_text(
        [
            "Enter your email address.",
            "Enter the name on the card.",
            "Enter the card number.",
            "Enter the expiry date.",
            "Enter the security code.",
        ]
    )


@pytest.mark.parametrize(("field", "status", "code", "message"), BY_THE_VAULT)
def test_what_the_vault_refuses_is_said_beside_its_field(
    shopper, omise, quiet_browser, field, status, code, message
):
    quiet_browser.expect(f"status of {status}")
    omise.will_fail("POST", "/tokens", "status", status=status, code=code, message=message)
    checkout = shopper.at_checkout()
    checkout.enter(VISA)

    checkout.press_pay()

    checkout.card.expect_problem(getattr(checkout.card, field), REFUSED[field])
    assert omise.payments() == []


def test_each_of_several_refusals_stands_beside_its_field(shopper, omise, quiet_browser):
    quiet_browser.expect("status of 400")
    message = "expiration date cannot be in the past and security code is invalid"
    omise.will_fail("POST", "/tokens", "status", status=400, code="invalid_card", message=message)
    checkout = shopper.at_checkout()
    checkout.enter(VISA)

    checkout.press_pay()

    checkout.card.expect_problem(checkout.card.expiry, REFUSED["expiry"])
    checkout.card.expect_problem(checkout.card.security_code, REFUSED["security_code"])
    checkout.card.expect_good(checkout.card.name, checkout.card.number)


@pytest.mark.both_dialects
def test_a_card_that_has_expired_by_omises_clock_is_refused_beside_its_date(
    shopper, omise, quiet_browser
):
    quiet_browser.expect(FAILED)
    omise.lets_time_pass(days=3 * 366)
    checkout = shopper.at_checkout()
    checkout.enter(VISA)

    checkout.press_pay()

    checkout.card.expect_problem(checkout.card.expiry, REFUSED["expiry"])
    checkout.card.expect_good(checkout.card.number, checkout.card.security_code)
    assert omise.payments() == []


def test_a_vault_that_cannot_be_reached_is_told_and_the_shopper_tries_again(
    shopper, omise, quiet_browser
):
    quiet_browser.expect(FAILED)
    omise.will_fail("POST", "/tokens", "drop_before", times=None)
    checkout = shopper.at_checkout()
    checkout.enter(VISA)
    checkout.press_pay()
    expect(checkout.card.summary).to_contain_text(UNREACHED)
    expect(checkout.card.summary).to_contain_text("You have not been charged.")

    omise.works_again()
    checkout.card.security_code.fill(VISA.security_code)

    checkout.pay().expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]


@pytest.mark.parametrize(("status", "code"), [(500, "internal_error"), (400, "news_to_us")])
def test_any_other_answer_of_the_vault_is_told_in_general_words(
    shopper, omise, quiet_browser, status, code
):
    quiet_browser.expect(f"status of {status}")
    omise.will_fail(
        "POST", "/tokens", "status", status=status, code=code, message="gateway flux 0x17"
    )
    checkout = shopper.at_checkout()
    checkout.enter(VISA)

    checkout.press_pay()

    expect(checkout.card.summary).to_contain_text(NOT_TAKEN)
    expect(checkout.card.summary).to_contain_text("You have not been charged.")
    expect(checkout.main).not_to_contain_text("flux")
    assert omise.payments() == []


def test_a_script_that_does_not_load_is_told(shopper, quiet_browser):
    quiet_browser.expect("net::ERR_FAILED")
    shopper.page.route("**/omise.js", lambda route: route.abort())

    checkout = shopper.at_checkout()

    expect(checkout.main).to_contain_text("The card form could not load.")


def test_everything_is_kept_after_an_error_but_the_security_code(shopper, omise, quiet_browser):
    quiet_browser.expect("status of 402")
    omise.will_fail("POST", "/tokens", "status", status=402, code="invalid_card")
    checkout = shopper.at_checkout()
    checkout.enter(VISA)

    checkout.press_pay()

    checkout.card.expect_problem(checkout.card.number, REFUSED["number"])
    expect(checkout.email).to_have_value("nok@example.com")
    expect(checkout.card.name).to_have_value(VISA.name)
    expect(checkout.card.number).to_have_value("4242 4242 4242 4242")
    expect(checkout.card.expiry).to_have_value(VISA.expiry)
    expect(checkout.card.security_code).to_have_value("")


def test_a_member_keeps_their_choices_after_an_error(member, omise, quiet_browser):
    quiet_browser.expect("status of 402")
    omise.will_fail("POST", "/tokens", "status", status=402, code="invalid_security_code")
    checkout = member.at_checkout()
    checkout.enter(VISA, save=True)
    checkout.press_pay()
    checkout.card.expect_problem(checkout.card.security_code, REFUSED["security_code"])
    expect(checkout.save_box).to_be_checked()

    checkout.card.security_code.fill(VISA.security_code)
    checkout.press_pay()

    OrderPage(member.page).expect_status("paid")
    assert omise.payments() == [(MUG, "successful")]
    assert omise.cards_kept() == ["4242"]

"""Errors of a card are shown beside their fields, whether the page or the vault finds them."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from e2e.pages import OrderPage
from e2e.pages.checkout import expect_script_running
from e2e.support.cards import LAST_YEAR, VISA

MUG = 390_00

#: The status with which each dialect rejects a card that has expired.
DATE_REJECTED = {"documented": 402, "recorded": 400}

FOUND_BY_THE_PAGE = [
    ("number", "4242 4242 4242 4241", "Check the card number: a digit is wrong or missing."),
    ("number", "4242 4242", "Check the card number: a digit is wrong or missing."),
    ("number", "four two four two", "Check the card number: a digit is wrong or missing."),
    ("expiry", "13 / 40", "Enter the expiry date as a month and a year"),
    ("expiry", f"01 / {LAST_YEAR % 100}", "This card has expired. Use another card."),
    ("security_code", "12", "Enter the 3 digits from the back of the card."),
    ("name", " ", "Enter the name on the card."),
]

FOUND_BY_THE_VAULT = [
    ("number", 402, "invalid_card", "card is invalid"),
    ("expiry", 402, "invalid_expiration_date", "expiration date is invalid"),
    ("security_code", 402, "invalid_security_code", "security code is invalid"),
    ("name", 400, "invalid_card", "name can't be blank"),
    ("number", 400, "invalid_card", "number is invalid and brand not supported (unknown)"),
    ("expiry", 400, "invalid_card", "expiration date cannot be in the past"),
    ("security_code", 400, "invalid_card", "security code is invalid"),
]

REJECTED = {
    "name": "Check the name on the card and enter it again.",
    "number": "This card number was not accepted.",
    "expiry": "This expiry date was not accepted.",
    "security_code": "This security code was not accepted.",
}

UNREACHED = "We could not reach the card service. Check your connection and try again."
NOT_TAKEN = "This card was not accepted. Check the details or use another card."


def test_invalid_card_is_found_on_the_page(shopper, world, subtests):
    checkout = shopper.go_to_checkout()
    for field, text, words in FOUND_BY_THE_PAGE:
        with subtests.test(field=field, text=text):
            checkout.fill(replace(VISA, **{field: text}))

            checkout.click_pay()

            checkout.card.expect_error(getattr(checkout.card, field), words)
            checkout.card.expect_valid(*checkout.card.others(field))
            assert world.payments() == []


def test_all_errors_are_shown_at_once(shopper):
    checkout = shopper.go_to_checkout()
    expect_script_running(shopper.page)

    checkout.click_pay()

    expect(checkout.card.summary).to_be_focused()
    expect(checkout.card.summary.get_by_role("listitem")).to_have_text(
        [
            "Enter your email address.",
            "Enter the card number.",
            "Enter the expiry date.",
            "Enter the security code.",
            "Enter the name on the card.",
        ]
    )


def test_rejection_by_the_vault_is_shown_beside_its_field(shopper, world, quiet_browser, subtests):
    quiet_browser.expect_status(400, 402)
    checkout = shopper.go_to_checkout()
    for field, status, code, message in FOUND_BY_THE_VAULT:
        with subtests.test(field=field, status=status):
            world.add_fault("POST", "/tokens", "status", status=status, code=code, message=message)
            checkout.fill(VISA)

            checkout.click_pay()

            checkout.card.expect_error(getattr(checkout.card, field), REJECTED[field])
            checkout.card.expect_valid(*checkout.card.others(field))
            assert world.payments() == []


def test_each_of_several_rejections_stands_beside_its_field(shopper, world, quiet_browser):
    quiet_browser.expect_status(400)
    message = "expiration date cannot be in the past and security code is invalid"
    world.add_fault("POST", "/tokens", "status", status=400, code="invalid_card", message=message)
    checkout = shopper.go_to_checkout()
    checkout.fill(VISA)

    checkout.click_pay()

    checkout.card.expect_error(checkout.card.expiry, REJECTED["expiry"])
    checkout.card.expect_error(checkout.card.security_code, REJECTED["security_code"])
    checkout.card.expect_valid(checkout.card.name, checkout.card.number)


@pytest.mark.both_dialects
def test_card_expired_by_the_clock_of_omise_is_rejected_beside_its_date(
    shopper, world, quiet_browser, dialect
):
    quiet_browser.expect_status(DATE_REJECTED[dialect])
    world.advance_clock(days=3 * 366)
    checkout = shopper.go_to_checkout()
    checkout.fill(VISA)

    checkout.click_pay()

    checkout.card.expect_error(checkout.card.expiry, REJECTED["expiry"])
    checkout.card.expect_valid(checkout.card.number, checkout.card.security_code)
    assert world.payments() == []


def test_unreachable_vault_is_reported_and_the_shopper_tries_again(shopper, world, quiet_browser):
    quiet_browser.allow("/tokens")
    world.add_fault("POST", "/tokens", "drop_before", times=None)
    checkout = shopper.go_to_checkout()
    checkout.fill(VISA)
    checkout.click_pay()
    expect(checkout.card.summary).to_contain_text(UNREACHED)
    expect(checkout.card.summary).to_contain_text("You have not been charged.")

    world.clear_faults()
    checkout.card.security_code.fill(VISA.security_code)

    checkout.pay().expect_status("paid")
    assert world.payments() == [(MUG, "successful")]


@pytest.mark.parametrize("statuses", [(429, 500), (503, 429)])
def test_busy_vault_is_asked_again(shopper, world, quiet_browser, statuses):
    quiet_browser.expect_status(*statuses)
    for status in statuses:
        world.add_fault("POST", "/tokens", "status", status=status)

    shopper.go_to_checkout().pay_with(VISA).expect_status("paid")

    assert world.payments() == [(MUG, "successful")]


def test_vault_that_stays_unavailable_is_reported_and_no_card_is_blamed(
    shopper, world, quiet_browser
):
    quiet_browser.expect_status(503)
    world.add_fault("POST", "/tokens", "status", status=503, times=3)
    checkout = shopper.go_to_checkout()
    checkout.fill(VISA)

    checkout.click_pay()

    expect(checkout.card.summary).to_contain_text(UNREACHED)
    expect(checkout.card.summary).to_contain_text("You have not been charged.")
    checkout.card.expect_valid(checkout.card.number, checkout.card.security_code)
    checkout.card.security_code.fill(VISA.security_code)
    checkout.pay().expect_status("paid")


def test_other_errors_of_the_vault_are_shown_in_general_words(shopper, world, quiet_browser):
    quiet_browser.expect_status(400)
    world.add_fault(
        "POST", "/tokens", "status", status=400, code="news_to_us", message="gateway flux 0x17"
    )
    checkout = shopper.go_to_checkout()
    checkout.fill(VISA)

    checkout.click_pay()

    expect(checkout.card.summary).to_contain_text(NOT_TAKEN)
    expect(checkout.card.summary).to_contain_text("You have not been charged.")
    expect(checkout.main).not_to_contain_text("flux")
    assert world.payments() == []


def test_script_that_does_not_load_is_reported(shopper, quiet_browser):
    quiet_browser.allow("omise.js")
    shopper.page.route("**/omise.js", lambda route: route.abort())

    checkout = shopper.go_to_checkout()

    expect(checkout.main).to_contain_text("The card form could not load.")


def test_input_is_kept_after_an_error_except_the_security_code(shopper, world, quiet_browser):
    quiet_browser.expect_status(402)
    world.add_fault("POST", "/tokens", "status", status=402, code="invalid_card")
    checkout = shopper.go_to_checkout()
    checkout.fill(VISA)

    checkout.click_pay()

    checkout.card.expect_error(checkout.card.number, REJECTED["number"])
    expect(checkout.email).to_have_value("nok@example.com")
    expect(checkout.card.name).to_have_value(VISA.name)
    expect(checkout.card.number).to_have_value("4242 4242 4242 4242")
    expect(checkout.card.expiry).to_have_value(VISA.expiry)
    expect(checkout.card.security_code).to_have_value("")


def test_choices_of_a_member_are_kept_after_an_error(member, world, quiet_browser):
    quiet_browser.expect_status(402)
    world.add_fault("POST", "/tokens", "status", status=402, code="invalid_security_code")
    checkout = member.go_to_checkout()
    checkout.fill(VISA, save=True)
    checkout.click_pay()
    checkout.card.expect_error(checkout.card.security_code, REJECTED["security_code"])
    expect(checkout.save_box).to_be_checked()

    checkout.card.security_code.fill(VISA.security_code)
    checkout.click_pay()

    OrderPage(member.page).expect_status("paid")
    assert world.payments() == [(MUG, "successful")]
    assert world.saved_cards() == ["4242"]

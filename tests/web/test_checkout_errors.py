"""A rejected checkout leads back to the checkout, with what was typed and the true reason."""

import re

import pytest

from tests.support.flask_shopper import ADDRESS, FlaskShopper

OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
TYPED = "kept@example.com"


@pytest.fixture(autouse=True)
def _nothing_is_charged(world):
    yield
    assert world.charges() == []


@pytest.fixture
def browser(shopper):
    """A guest with a filled cart, whose browser says that forms come from pages of the shop."""
    shopper.puts_in_cart("mug", 2)
    return shopper


def checkout_form(shopper, **typed):
    """The fields of the checkout as this shopper sees it, with what they type."""
    page = shopper.sees("/checkout").get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return {**hidden, **ADDRESS, "email": TYPED, "token": "tokn_test_1", **typed}


def press_pay(shopper, form):
    """Send the form as a browser does, and open the page to which it leads."""
    answer = shopper.client.post("/charge", data=form, headers=OUR_PAGE)
    assert answer.status_code == 303, answer.status_code
    shopper.sees(answer.location)
    return answer.location


def value_of(shopper, field):
    found = re.search(rf'<input[^>]* name="{field}"[^>]* value="([^"]*)"', html(shopper))
    return found and found[1]


def html(shopper):
    return shopper.page.get_data(as_text=True)


def test_error_has_an_address_that_survives_reload_and_the_language_switch(browser):
    location = press_pay(browser, checkout_form(browser, token=""))

    assert location == "/checkout"
    for _reload in range(2):
        assert "Enter your card details or choose a saved card." in browser.text
        assert value_of(browser, "email") == TYPED
        browser.sees("/checkout")
    answer = browser.sends("/language", language="th", next="/checkout")
    browser.sees(answer.location)
    assert "Enter your card details" not in browser.text
    assert "พบปัญหา" in browser.text
    assert value_of(browser, "email") == TYPED


def test_message_with_parameters_is_translated_when_it_is_shown(browser, services):
    services.inventory.set_level("mug", 1)
    press_pay(browser, checkout_form(browser))
    assert "Stoneware mug: only 1 left in stock." in browser.text

    browser.sends("/language", language="ja")
    browser.sees("/checkout")

    assert "only 1 left" not in browser.text
    assert "代金は請求されていません" in browser.text


def test_address_of_the_form_leads_to_the_checkout(browser):
    assert browser.sees("/charge").request.path == "/checkout"
    program = browser.client.get("/charge", headers={"Accept": "application/json"})
    assert (program.status_code, program.json["code"]) == (405, "method_not_allowed")


def test_errors_are_in_the_order_of_the_fields(browser):
    press_pay(browser, checkout_form(browser, email="nonsense", token="", amount="many"))

    summary = html(browser).partition("data-error-summary")[2].partition("</ul>")[0]
    assert re.findall(r'href="#([\w-]+)"', summary)[-2:] == ["card-number", "order-summary"]
    assert 'href="#email"' in summary.partition("</li>")[0]


def test_errors_end_with_the_cart_that_they_concern(browser):
    press_pay(browser, checkout_form(browser, amount="1"))
    assert "The total has changed." in browser.text

    browser.puts_in_cart("lamp")
    browser.sees("/checkout")

    assert "The total has changed." not in browser.text
    assert value_of(browser, "email") == TYPED


def test_errors_end_after_a_while(browser, clock):
    press_pay(browser, checkout_form(browser, token=""))

    clock.advance(601)
    browser.sees("/checkout")

    assert "Enter your card details or choose a saved card." not in browser.text


def test_neither_card_number_nor_token_is_kept(browser):
    form = checkout_form(browser, token="tokn_test_5abc", note="tokn_test_5abc", amount="1")
    press_pay(browser, form)
    press_pay(browser, form | {"note": "4242 4242 4242 4242"})

    with browser.client.session_transaction() as session:
        kept = str(session["checkout"])
    assert TYPED in kept
    assert "tokn_" not in kept
    assert "4242" not in kept


def test_long_input_does_not_make_the_cookie_too_large(browser):
    long = {f"shipping_{n}": f"\u0e01{n}" * 150 for n in range(9)}

    press_pay(browser, checkout_form(browser, amount="1", **long))

    assert len(browser.cookie) < 4000
    assert "The total has changed." in browser.text
    assert value_of(browser, "email") == TYPED


def test_session_that_ended_keeps_cart_and_input(browser):
    form = checkout_form(browser)
    browser.client.delete_cookie("lantern_loom_session")

    press_pay(browser, form)

    assert browser.page.request.path == "/checkout"
    assert "Your session has ended. Your cart is still here" in browser.text
    assert "Stoneware mug \N{MULTIPLICATION SIGN} 2" in browser.text
    assert value_of(browser, "email") == TYPED


def test_blocked_cookies_are_named_as_the_cause(app, world, browser):
    form = checkout_form(browser)
    location = app.test_client(use_cookies=False).post("/charge", data=form, headers=OUR_PAGE)

    page = app.test_client(use_cookies=False).get(location.location).get_data(as_text=True)

    assert "Your browser blocks cookies" in page
    assert 'href="/checkout"' in page


def test_cart_of_a_browser_that_blocks_cookies_says_so(app):
    client = app.test_client(use_cookies=False)
    answer = client.post("/cart", data={"sku": "mug"}, headers=OUR_PAGE)

    page = client.get(answer.location).get_data(as_text=True)

    assert "Your browser blocks cookies" in page


def test_form_without_any_proof_names_both_causes(app, browser):
    form = checkout_form(browser) | {"csrf_token": ""}

    answer = app.test_client(use_cookies=False).post("/charge", data=form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Your session has ended, or your browser blocks cookies" in page
    assert re.search(r'class="button" href="/checkout"', page)


def test_logout_in_another_tab_is_explained(member, world):
    member.puts_in_cart()
    form = checkout_form(member, token="", card=member.card)
    member.sends("/logout")

    press_pay(member, form)

    assert "Your session has ended. Your cart is still here" in member.text
    assert "Stoneware mug" in member.text


def test_login_in_another_tab_keeps_the_form(browser):
    press_pay(browser, checkout_form(browser, token=""))
    form = checkout_form(browser)

    browser.signs_up("other@example.com")

    press_pay(browser, form | {"token": ""})
    assert value_of(browser, "items") == "mug:2"


def test_card_to_be_saved_needs_an_account(browser):
    press_pay(browser, checkout_form(browser, save_card="1"))

    assert "You are no longer logged in." in browser.text
    assert browser.page.request.path == "/checkout"
    assert re.search(r'name="email"[^>]*value="kept@example.com"', html(browser))


def test_cart_that_changed_in_another_tab_is_shown(browser):
    form = checkout_form(browser)
    browser.sends("/cart/mug", quantity=1)

    press_pay(browser, form)

    assert "The total has changed." in browser.text
    assert value_of(browser, "email") == TYPED


def test_cart_emptied_in_another_tab_stays_empty(browser):
    form = checkout_form(browser)
    browser.sends("/cart/mug", quantity=0)

    press_pay(browser, form)

    assert browser.page.request.path == "/cart"
    assert "Add an item to your cart before you check out." in browser.text


def test_payment_in_progress_is_not_offered_again_without_its_session(app, world, browser):
    form = checkout_form(browser)
    world.fails("POST", "/charges", "drop_before")
    browser.client.post("/charge", data=form | {"token": world.token()}, headers=OUR_PAGE)
    other = FlaskShopper(app, world)

    press_pay(other, form | {"token": world.token()})

    assert "Your order may be paid already" in other.text
    assert "Your cart is empty." in other.text


def test_saved_card_that_is_gone_leads_back_to_the_checkout(member, world):
    form_cart = member.puts_in_cart()
    assert form_cart.status_code == 303

    press_pay(member, checkout_form(member, token="", card="card_test_foreign"))

    assert "This saved card does not exist." in member.text


def test_page_of_an_error_leads_back_to_the_checkout(browser):
    answer = browser.sends("/charge", email="a\0b")

    assert answer.status_code == 400
    assert re.search(r'class="button" href="/checkout"', html(browser))
    assert 'name="next" value="/checkout"' in html(browser)


@pytest.mark.parametrize(
    ("email", "is_refused"),
    [
        ("nok@gmail", True),
        ("nok", True),
        ("", True),
        ("taro..yamada@docomo.ne.jp", False),
        ("nok\uff20example.com", False),
    ],
)
def test_email_is_checked_by_the_rule_of_the_payment(shopper, email, is_refused):
    checked = shopper.client.post(
        "/checkout/check",
        data={"email": email},
        headers=OUR_PAGE | {"Accept": "application/json"},
    )

    assert ("email" in checked.json["problems"]) is is_refused

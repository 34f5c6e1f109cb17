"""Invalid input gets a clear message and the right status; nothing is charged or lost."""

import re

import pytest

from storefront.factory import COOKIE_NAME

MUG = 39000
NUMBER = "4242424242424242"


@pytest.fixture(autouse=True)
def _nothing_is_charged(world):
    yield
    assert world.charges() == []


def test_empty_cart_cannot_be_paid(shopper, world):
    answer = shopper.pays_by_json(token=world.token())

    assert (answer.status_code, answer.get_json()["code"]) == (409, "empty_cart")
    assert shopper.pays().request.path == "/cart"
    assert "Add an item to your cart before you check out." in shopper.text


def test_checkout_of_an_empty_cart_redirects_to_the_cart(shopper):
    shopper.sees("/checkout")

    assert shopper.page.request.path == "/cart"


@pytest.mark.parametrize(
    "path", ["/products/yacht", "/orders/NOPE", "/orders/NOPE/status", "/nope"]
)
def test_unknown_path_is_not_found(shopper, path):
    assert shopper.sees(path).status_code == 404


@pytest.mark.parametrize("sku", ["yacht", "", "../mug"])
def test_unknown_product_is_not_added_to_the_cart(shopper, sku):
    assert shopper.puts_in_cart(sku).status_code == 404


@pytest.mark.parametrize("quantity", ["0", "-1", "21", "1.5", "many", "", "9" * 40])
def test_invalid_quantity_is_rejected(shopper, quantity):
    shopper.puts_in_cart("mug", 3)

    assert shopper.sends("/cart/mug", quantity=quantity).status_code == (
        303 if quantity == "0" else 422
    )
    shopper.sees("/cart")
    assert ("Your cart is empty" in shopper.text) == (quantity == "0")


BODIES = [
    ({}, 422, "invalid_form"),
    ({"token": ""}, 422, "invalid_form"),
    ({"token": "nonsense"}, 422, "invalid_form"),
    ({"token": 17}, 422, "invalid_form"),
    ({"token": {"a": 1}}, 422, "invalid_form"),
    ({"token": "tokn_test_1", "card": "card_test_1"}, 422, "invalid_form"),
    ({"token": "tokn_test_1", "amount": "a lot"}, 422, "invalid_form"),
    ({"token": "tokn_test_1", "amount": 390.5}, 422, "invalid_form"),
    ({"token": "tokn_test_1", "amount": True}, 422, "invalid_form"),
    ({"token": "tokn_test_1", "amount": 1}, 409, "amount_changed"),
    ({"token": "tokn_test_1", "amount": -MUG}, 409, "amount_changed"),
    ({"token": "tokn_test_1", "email": "no address"}, 422, "invalid_form"),
    ({"token": "tokn_test_1", "save_card": True}, 401, "login_required"),
    ({"card": "card_test_foreign"}, 404, "unknown_card"),
    ({"card": "../../cust_test_1"}, 404, "unknown_card"),
    ({"token": "tokn_test_1", "cart": "another"}, 409, "cart_changed"),
]


@pytest.mark.parametrize(("body", "status", "code"), BODIES)
def test_invalid_json_call_is_rejected(shopper, body, status, code):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(**body)

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert answer.get_json()["error"]
    shopper.sees("/cart")
    assert "Stoneware mug" in shopper.text


def test_wrong_amount_is_answered_with_the_total(shopper):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(token="tokn_test_1", amount=1)

    assert answer.get_json()["amount"] == MUG


def test_form_shows_errors_and_keeps_its_values(shopper):
    shopper.puts_in_cart()

    answer = shopper.submits("/charge", email="kept@example.com", token="")

    assert "Enter your card details or choose a saved card." in shopper.text
    assert "kept@example.com" in answer.get_data(as_text=True)


def test_guest_without_an_email_is_asked_for_it(shopper):
    shopper.puts_in_cart()

    shopper.submits("/charge", token="tokn_test_1", email="")

    assert "Enter a valid email address" in shopper.text


def test_form_with_an_outdated_total_shows_the_new_one(shopper):
    shopper.puts_in_cart()

    shopper.submits("/charge", token="tokn_test_1", email="a@example.com", amount="1")

    assert "The total has changed." in shopper.text
    assert "฿390.00" in shopper.text


def test_total_outside_the_charge_limits_is_rejected(shopper):
    shopper.puts_in_cart("stool", 20)
    for sku in ("teapot", "lamp", "throw", "tray", "cushion", "basket"):
        shopper.puts_in_cart(sku, 20)

    answer = shopper.pays_by_json(token="tokn_test_1")

    assert (answer.status_code, answer.get_json()["code"]) == (422, "amount_out_of_range")


@pytest.mark.parametrize("path", ["/charge", "/cart", "/login", "/signup", "/logout", "/cards"])
def test_post_without_a_csrf_token_is_rejected(shopper, path):
    shopper.puts_in_cart()

    form = shopper.client.post(path, data={"token": "tokn_test_1"})
    program = shopper.client.post(path, json={"token": "tokn_test_1"})

    assert (form.status_code, program.status_code) == (400, 400)
    assert program.get_json()["code"] == "csrf"


OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("body", ["json", "data"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (OUR_PAGE, 303),
        (OUR_PAGE | {"Origin": "null"}, 303),
        ({"Origin": "http://shop.test"}, 303),
        ({"Origin": "http://localhost"}, 303),  # the host of the request
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Sec-Fetch-Site": "none"}, 400),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://shop.test"}, 400),
        ({"Origin": "http://shop.test:8000"}, 400),
        ({"Origin": "https://shop.test"}, 400),
        ({"Origin": "http://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Referer": "http://shop.test/"}, 400),
    ],
)
def test_word_of_the_browser_replaces_the_token(shopper, headers, status, body):
    fields = {"sku": "mug", "quantity": "1"}
    answer = shopper.client.post("/language", headers=headers, **{body: fields})

    assert answer.status_code == status


def test_post_over_https_needs_no_referer(shop_with, world):
    """Privacy tools and proxies of companies remove it."""
    app = shop_with(public_url="https://shop.test")
    client = app.test_client()
    page = client.get("/login", base_url="https://shop.test").get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]

    for headers in ({}, {"Origin": "null"}, {"Referer": "https://proxy.example/"}):
        answer = client.post(
            "/cart",
            data={"sku": "mug", "csrf_token": token},
            headers=headers,
            base_url="https://shop.test",
        )
        assert answer.status_code == 303


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b'"a"', "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"null", "application/json"),
    ],
)
def test_unreadable_body_is_rejected(shopper, body, kind):
    answer = shopper.client.post(
        "/charge", data=body, content_type=kind, headers={"X-CSRFToken": shopper.csrf()}
    )

    assert answer.status_code == 400


def test_oversized_body_is_rejected(shopper):
    shopper.puts_in_cart()

    answer = shopper.pays_by_json(token="tokn_test_1", padding="x" * 70_000)

    assert (answer.status_code, answer.get_json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("cookie", ["garbage", "a.b.c", "", "é" * 20, "x" * 3000])
def test_garbage_cookies_are_ignored(shopper, cookie):
    for name in (COOKIE_NAME, "cart"):
        shopper.client.set_cookie(name, cookie)

    assert shopper.sees("/cart").status_code == 200
    assert shopper.puts_in_cart().status_code == 303


@pytest.mark.parametrize("cart", [None, 5, [], {"quantities": {"mug": "x"}}, {"key": 3}])
def test_garbage_in_the_session_is_ignored(shopper, cart):
    with shopper.client.session_transaction() as session:
        session["cart"] = cart
        session["orders"] = cart

    assert shopper.sees("/cart").status_code == 200
    assert shopper.sees("/checkout").status_code == 200


@pytest.mark.parametrize(
    "send",
    [
        lambda shopper: shopper.sends("/cart", sku="mug", number=NUMBER),
        lambda shopper: shopper.sends("/cart", sku="mug", note=f"my card {NUMBER}"),
        lambda shopper: shopper.sends("/cart", sku="mug", number="4242 4242 4242 4242"),
        lambda shopper: shopper.sends_json("/charge", {"card": {"number": NUMBER}}),
        lambda shopper: shopper.sends_json("/charge", {"number": int(NUMBER)}),
        lambda shopper: shopper.sends("/login", email="a@example.com", password=NUMBER),
    ],
)
def test_card_number_is_rejected_and_not_logged(shopper, send, capfd):
    answer = send(shopper)

    assert answer.status_code == 400
    output = "".join(capfd.readouterr())
    assert NUMBER not in output
    assert "4242 4242" not in output


@pytest.mark.parametrize(
    "path",
    [
        "/?utm_source=fb&utm_id=120210482361710231",
        "/products/mug?_branch_match_id=1302485719203456783",
        f"/?q={NUMBER}",
    ],
)
def test_long_number_in_a_link_is_accepted_and_not_logged(shopper, path, capfd):
    assert shopper.sees(path).status_code == 200
    assert path[-16:] not in "".join(capfd.readouterr())


@pytest.mark.parametrize("path", ["/charge", "/login", "/signup"])
def test_form_with_a_card_number_is_shown_again_without_it(shopper, path):
    shopper.puts_in_cart()

    for fields in ({"email": "kept@example.com", "password": NUMBER}, {"email": f"{NUMBER}@a.co"}):
        answer = shopper.submits(path, **fields)
        page = answer.get_data(as_text=True)
        assert answer.status_code == (200 if path == "/charge" else 400)
        assert "looks like a card number" in shopper.text
        assert ("kept@example.com" in page) == ("password" in fields)
        assert NUMBER not in page


def test_wrong_http_method_is_rejected(shopper):
    assert shopper.sees("/logout").status_code == 405

"""One host has the session: the one that the bank sends the shopper back to."""

import pytest

LOCAL, PUBLIC = "http://127.0.0.1:5000", "https://shop.example"


@pytest.mark.parametrize(
    ("public_url", "asked", "path", "leads_to"),
    [
        (LOCAL, "http://localhost:5000", "/", f"{LOCAL}/"),
        (LOCAL, "http://localhost:5000", "/cart?a=1&b=%2F", f"{LOCAL}/cart?a=1&b=%2F"),
        (LOCAL, "http://localhost:5000", "//evil.example", None),
        (LOCAL, "http://127.0.0.1:5000", "/cart", None),
        (LOCAL, "http://localhost:8080", "/cart", None),  # a container maps its port
        (LOCAL, "http://localhost:5000", "/healthz", None),
        (PUBLIC, "https://www.shop.example", "/cart", f"{PUBLIC}/cart"),
        (PUBLIC, "http://127.0.0.1", "/cart", None),  # a check on the machine itself
    ],
)
def test_other_host_leads_to_the_public_one(shop_with, public_url, asked, path, leads_to):
    app = shop_with(public_url=public_url, trusted_hosts="www.shop.example")

    answer = app.test_client().get(path, base_url=asked)

    assert answer.location == leads_to or (leads_to is None and answer.status_code != 302)


def test_cookies_of_other_apps_on_this_host_are_left_alone(app, shopper):
    """Flask calls its cookie `session`, and ports share their cookies."""
    shopper.client.set_cookie("session", "of-another-app")
    shopper.puts_in_cart()

    shopper.client.set_cookie("session", "changed-by-another-app")

    shopper.sees("/cart")
    assert "Stoneware mug" in shopper.text
    assert shopper.client.get_cookie("session").value == "changed-by-another-app"

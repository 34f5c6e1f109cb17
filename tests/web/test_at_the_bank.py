"""3-D Secure: the redirect to the bank, and the return."""

import re

import pytest


def test_order_page_redirects_to_the_bank(shopper, at_the_bank):
    page = shopper.page.get_data(as_text=True)

    assert shopper.status == "awaiting_payment"
    assert re.search(rf'http-equiv="refresh" content="0; ?url={re.escape(at_the_bank)}"', page)
    assert f'href="{at_the_bank}"' in page


def test_order_page_redirects_to_the_bank_once(shopper, at_the_bank):
    page = shopper.sees(f"/orders/{shopper.order_number}").get_data(as_text=True)

    assert "http-equiv" not in re.sub(r"<noscript>.*?</noscript>", "", page, flags=re.S)
    assert f'href="{at_the_bank}"' in page


def test_query_of_the_return_is_ignored(shopper, at_the_bank, world):
    (charge,) = world.charges()
    back = charge["return_uri"].removeprefix("http://shop.test")

    shopper.sees(f"{back}&status=successful&paid=true")

    assert shopper.status == "confirming"
    assert f'href="{at_the_bank}"' in shopper.page.get_data(as_text=True)


def test_return_by_post_keeps_the_session(shopper, world, at_the_bank):
    back = world.at_the_bank(at_the_bank, "approve").removeprefix("http://shop.test")

    answer = shopper.client.post(back)

    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers
    shopper.sees(answer.location)
    assert shopper.status == "paid"


@pytest.mark.parametrize("key", ["", "guess", "é"])
def test_return_without_the_key_is_not_found(stranger, shopper, at_the_bank, key):
    answer = stranger.client.get(
        f"/payments/{shopper.order_number}/return", query_string={"key": key}
    )

    assert answer.status_code == 404


def test_order_status_is_polled(shopper, world, at_the_bank, clock):
    number = shopper.order_number
    before = shopper.client.get(f"/orders/{number}/status").get_json()
    world.at_the_bank(at_the_bank, "approve")

    clock.advance(2)
    after = shopper.client.get(f"/orders/{number}/status").get_json()

    assert before == {"status": "awaiting_payment", "final": False}
    assert after == {"status": "paid", "final": True}

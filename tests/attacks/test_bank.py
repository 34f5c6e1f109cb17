"""Forged returns from the bank: wrong, outdated and foreign keys, and false parameters."""

from urllib.parse import urlencode, urlsplit

import pytest
from itsdangerous import Signer
from pydantic import SecretStr

from storefront.payments.extension import payment_key

LIES = {
    "status": "successful",
    "paid": "true",
    "amount": "1",
    "outcome": "approve",
    "charge": "chrg_test_of_another_shop",
    "id": "chrg_test_1",
    "number": "ZZZZZZZZZZ",
    "redirect": "//evil.example",
    "next": "//evil.example",
}


@pytest.fixture
def key(app, at_the_bank):
    with app.app_context():
        return payment_key(at_the_bank)


def forgeries(number, key, secret):
    """Keys that an attacker could derive from a key of their own."""
    return {
        "none": None,
        "empty": "",
        "cut": key[:-1],
        "longer": key + "=",
        "other case": key.swapcase(),
        "the number": number,
        "another salt": Signer(secret, salt="session").get_signature(number).decode(),
        "no salt": Signer(secret).get_signature(number).decode(),
        "another secret": Signer("S" * 32, salt="omise-payment").get_signature(number).decode(),
        "of a longer number": Signer(secret, salt="omise-payment")
        .get_signature(number + "0")
        .decode(),
        "no letters": "é\u0661\U0001f600",
        "long": "A" * 5000,
    }


def test_return_with_a_forged_key_is_not_found(
    at_the_bank, key, stranger, stored_rows, omise_requests, settings, attack_counter
):
    before, calls = stored_rows(), len(omise_requests())
    secret = settings.secret_key.get_secret_value()

    for name, forged in forgeries(at_the_bank, key, secret).items():
        for method in ("GET", "POST"):
            query = LIES | ({"key": forged} if forged is not None else {})
            answer = stranger.client.open(
                f"/payments/{at_the_bank}/return", method=method, query_string=query, data=LIES
            )
            attack_counter["forged returns from the bank"] += 1
            assert answer.status_code == 404, name
    twice = stranger.client.get(f"/payments/{at_the_bank}/return?key=wrong&key={key}")
    assert twice.status_code == 404
    assert stored_rows() == before
    assert len(omise_requests()) == calls
    assert stranger.client.get(f"/orders/{at_the_bank}").status_code == 404


def test_return_key_is_invalid_after_a_change_of_the_secret(shop_with, at_the_bank, key):
    client = shop_with(secret_key=SecretStr("n" * 32)).test_client()

    assert client.get(f"/payments/{at_the_bank}/return?key={key}").status_code == 404


def test_parameters_of_a_genuine_return_are_ignored(
    at_the_bank, key, stranger, repository, world, attack_counter
):
    """A POST, as some banks send it, only redirects; its parameters are dropped."""
    path = f"/payments/{at_the_bank}/return?key={key}"

    posted = stranger.client.post(path, data=LIES)
    assert (posted.status_code, posted.location) == (303, path)
    assert repository.get(at_the_bank).latest_attempt.returned_at is None

    came = stranger.client.get(f"{path}&{urlencode(LIES)}")
    assert (came.status_code, urlsplit(came.location).path) == (303, f"/orders/{at_the_bank}")
    assert repository.get(at_the_bank).status in {"awaiting_payment", "confirming"}
    assert world.charges()[0]["paid"] is False
    attack_counter["forged returns from the bank"] += 2


def test_return_for_a_paid_order_changes_nothing(app, shopper, paid, stranger, repository):
    with app.app_context():
        key = payment_key(paid)

    for _ in range(3):
        answer = stranger.client.get(f"/payments/{paid}/return?key={key}&{urlencode(LIES)}")
        assert answer.status_code in {303, 404}
    assert repository.get(paid).status == "paid"


def test_return_key_is_not_in_the_page(at_the_bank, key, stranger):
    page = stranger.sees(f"/payments/{at_the_bank}/return?key={key}")

    assert key not in page.get_data(as_text=True)
    assert "key=" not in page.request.path
    assert page.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"

"""The sandbox answers as the brief says, and in the other dialect as recordings show."""

import signal
import subprocess
import sys

import pytest
import requests

from tests import sandbox_process
from tests.sandbox_process import World

CARD = {
    "name": "JOHN DOE",
    "number": "4242424242424242",
    "expiration_month": 12,
    "expiration_year": 2040,
    "security_code": "123",
}

#: What is wrong with the card: the status and code as documented, then as recorded.
BAD_CARDS = {
    "no name": ({"name": ""}, (400, "bad_request"), (400, "invalid_card")),
    "no number": ({"number": None}, (400, "bad_request"), (400, "invalid_card")),
    "no month": ({"expiration_month": None}, (400, "bad_request"), (400, "invalid_card")),
    "no year": ({"expiration_year": None}, (400, "bad_request"), (400, "invalid_card")),
    "letters": ({"number": "4242abcd42424242"}, (400, "invalid_card"), (400, "invalid_card")),
    "too short": ({"number": "424242424242"}, (400, "invalid_card"), (400, "invalid_card")),
    "Luhn": ({"number": "4242424242424241"}, (402, "invalid_card"), (400, "invalid_card")),
    "no brand": ({"number": "9999999999999995"}, (402, "invalid_card"), (400, "invalid_card")),
    "expired": (
        {"expiration_year": 2020},
        (402, "invalid_expiration_date"),
        (400, "invalid_card"),
    ),
    "month 13": (
        {"expiration_month": 13},
        (400, "invalid_expiration_date"),
        (400, "invalid_card"),
    ),
    "code": ({"security_code": "12"}, (402, "invalid_security_code"), (400, "invalid_card")),
}


def create(world, card, key=None):
    """What POST /tokens answers."""
    return requests.post(
        f"{world.url}/tokens",
        json={"card": card},
        auth=(world.public_key if key is None else key, ""),
        timeout=5,
    )


@pytest.mark.parametrize("case", BAD_CARDS.values(), ids=BAD_CARDS)
def test_a_bad_card_is_refused_as_the_dialect_says(world, dialect, case):
    change, documented, recorded = case

    answer = create(world, CARD | change)

    expected = documented if dialect == "documented" else recorded
    assert (answer.status_code, answer.json()["code"]) == expected
    assert list(answer.json()) == ["object", "location", "code", "message"]


def test_spaces_in_a_number_are_refused_or_taken_out(world, dialect):
    answer = create(world, CARD | {"number": "4242 4242-4242 4242"})

    assert answer.status_code == (400 if dialect == "documented" else 200)


@pytest.mark.parametrize("year", [40, "40", 2040, "2040"])
@pytest.mark.parametrize("month", [1, "01", "1"])
def test_every_spelling_of_a_date_in_the_brief_is_taken(world, year, month):
    card = create(world, CARD | {"expiration_month": month, "expiration_year": year}).json()["card"]

    assert (card["expiration_month"], card["expiration_year"]) == (1, 2040)


def test_a_new_token_is_as_the_brief_shows_it(world, dialect):
    token = create(world, CARD).json()

    assert token["id"].startswith("tokn_test_")
    assert token["used"] is False
    assert token["charge_status"] == (None if dialect == "documented" else "unknown")
    assert token["card"]["last_digits"] == "4242"
    assert token["card"]["security_code_check"] is True
    assert "4242424242424242" not in str(token)


@pytest.mark.parametrize(
    ("number", "documented", "recorded"),
    [
        ("4242424242424242", "Visa", "Visa"),
        ("5555555555554444", "Mastercard", "MasterCard"),
        ("4111111111111111", "Visa", "Visa"),
        ("4000000000003063", "Visa", "Visa"),
        ("3530111333300000", "JCB", "JCB"),
        ("378282246310005", "American Express", "American Express"),
    ],
)
def test_the_brand_is_told(world, dialect, number, documented, recorded):
    brand = create(world, CARD | {"number": number}).json()["card"]["brand"]

    assert brand == (documented if dialect == "documented" else recorded)


@pytest.mark.parametrize("key", ["", "pkey_test_nobodys", "skey", "secret"])
def test_a_token_needs_the_public_key(world, key):
    answer = create(world, CARD, world.secret_key if key == "secret" else key)

    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failure")


def test_everything_else_needs_the_secret_key(world):
    for path in ("/charges", "/customers", "/events"):
        answer = requests.get(f"{world.url}{path}", auth=(world.public_key, ""), timeout=5)
        assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failure")


# The life of a token


def charge(world, token, **more):
    """What POST /charges answers."""
    body = {"amount": 100000, "currency": "thb", "card": token} | more
    return world.api("POST", "/charges", body)


def token_of(world, token_id):
    """What GET /tokens/:id answers."""
    return requests.get(f"{world.url}/tokens/{token_id}", auth=(world.public_key, ""), timeout=5)


def test_a_token_is_used_once(world, dialect):
    token = world.token()

    assert charge(world, token)["paid"] is True
    again = charge(world, token)

    assert (again["code"], again["message"]) == ("used_token", "token was already used")
    assert token_of(world, token).json()["used"] is True


def test_a_declined_charge_uses_the_token_up(world):
    token = world.token("4000000000000002")

    assert charge(world, token)["status"] == "failed"
    assert charge(world, token)["code"] == "used_token"


def test_a_refused_charge_does_not_use_the_token_up(world):
    token = world.token()

    assert charge(world, token, amount=1)["code"] == "invalid_charge"
    assert charge(world, token)["paid"] is True


def test_a_token_expires_after_thirty_minutes(world, dialect):
    token, young = world.token(), world.token()

    world.advance(29 * 60)
    assert charge(world, young)["paid"] is True
    world.advance(2 * 60)

    assert charge(world, token)["code"] == "token_expired"
    assert token_of(world, token).json()["used"] is False


def test_a_token_put_to_a_customer_is_used(world, dialect):
    token = world.token()

    customer = world.api("POST", "/customers", {"email": "a@example.com", "card": token})

    assert customer["default_card"] == customer["cards"]["data"][0]["id"]
    assert charge(world, token)["code"] == "used_token"


def test_a_token_that_does_not_exist_is_not_found(world, dialect):
    answer = token_of(world, "tokn_test_nobodymadethis00000")

    code = "token_not_found" if dialect == "documented" else "not_found"
    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_a_saved_card_is_charged_without_a_currency_as_documented(world, dialect):
    customer = world.api("POST", "/customers", {"card": world.token()})

    answer = world.api("POST", "/charges", {"customer": customer["id"], "amount": 100000})

    if dialect == "documented":
        assert (answer["paid"], answer["currency"]) == (True, "THB")
    else:
        assert answer["code"] == "invalid_charge"


def test_a_card_is_added_by_post_as_documented(world, dialect):
    customer = world.api("POST", "/customers", {})
    path = f"/customers/{customer['id']}/cards"

    answer = requests.post(
        f"{world.url}{path}", json={"card": world.token()}, auth=(world.secret_key, ""), timeout=5
    )

    assert answer.status_code == (200 if dialect == "documented" else 405)


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("kind", ["json", "form"])
def test_forms_and_json_with_and_without_a_slash_are_the_same(world, slash, kind):
    body = (
        {"json": {"card": CARD}}
        if kind == "json"
        else {"data": {f"card[{name}]": value for name, value in CARD.items()}}
    )

    answer = requests.post(
        f"{world.url}/tokens{slash}", auth=(world.public_key, ""), timeout=5, **body
    )

    assert answer.json()["card"]["name"] == "JOHN DOE"


# 3-D Secure


@pytest.mark.parametrize(
    ("outcome", "status"), [("approve", "successful"), ("decline", "failed"), ("cancel", "failed")]
)
def test_the_bank_settles_a_charge_once(world, outcome, status):
    made = charge(world, world.token("4000000000003063"), return_uri="http://shop.test/back?k=1")
    assert (made["status"], made["authorized"]) == ("pending", False)

    page = requests.get(made["authorize_uri"], timeout=5).text
    back = world.at_the_bank(made["authorize_uri"], outcome)
    world.at_the_bank(made["authorize_uri"], "approve" if outcome != "approve" else "decline")

    assert "3-D Secure" in page
    assert back == "http://shop.test/back?k=1"
    assert world.api("GET", f"/charges/{made['id']}")["status"] == status


# The program


def test_what_was_answered_survives_a_kill(tmp_path):
    options = ("--db", str(tmp_path / "sandbox.db"))
    process, url = sandbox_process.start(*options)
    world = World(url, "pkey_test_sandbox000000000000", "skey_test_sandbox000000000000")
    token = world.token()
    made = charge(world, world.token())
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=5)
    process.stdout.close()

    process, url = sandbox_process.start(*options)
    again = World(url, world.public_key, world.secret_key)

    assert again.api("GET", f"/charges/{made['id']}") | {"refunds": made["refunds"]} == made
    assert charge(again, token)["paid"] is True
    sandbox_process.stop(process)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"4242424242424242" not in kept


def test_a_second_start_on_the_same_file_says_so_in_one_line(tmp_path):
    options = ("--db", str(tmp_path / "sandbox.db"))
    process, _ = sandbox_process.start(*options)

    second = subprocess.run(
        [sys.executable, "-m", "sandbox", "--port", "0", *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=10,
    )
    sandbox_process.stop(process)

    assert second.returncode == 1
    assert len(second.stderr.splitlines()) == 1

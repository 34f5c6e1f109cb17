"""The samples of Omise's documentation, unchanged except for hosts, keys and the year.

Their card expired with 2025. `e2e/sandbox/test_omise_js.py` runs the sample for the browser,
`node/checks.js` those for Node.
"""

import json
import shlex
import subprocess

import omise
import pytest

CURL = """
curl {vault_url}/tokens \
  -u {public_key}: \
  -d "card[name]=JOHN DOE" \
  -d "card[number]=4242424242424242" \
  -d "card[expiration_month]=12" \
  -d "card[expiration_year]=2040" \
  -d "card[security_code]=123"
"""

CARD = {
    "name": "JOHN DOE",
    "number": "4242424242424242",
    "expiration_month": 12,
    "expiration_year": 2040,
    "security_code": "123",
}


def test_curl(account):
    command = shlex.split(CURL.format(vault_url=account.vault_url, public_key=account.public_key))

    run = subprocess.run([*command, "-sS"], capture_output=True, text=True, check=True)

    token = json.loads(run.stdout)
    assert (token["object"], token["used"], token["card"]["name"]) == ("token", False, "JOHN DOE")


def test_python_sample_in_the_form_of_the_client(account, monkeypatch):
    """The sample passes `card={…}`, which the client wraps again; the client takes fields."""
    monkeypatch.setattr(omise, "api_vault", account.vault_url)
    monkeypatch.setattr(omise, "api_public", account.public_key)

    with pytest.raises(omise.errors.BaseError):
        omise.Token.create(card=CARD)

    assert omise.Token.create(**CARD).card.name == "JOHN DOE"

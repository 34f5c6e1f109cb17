"""An account for the official clients: a world of the sandbox, or Omise's test mode.

`pytest -m live` runs the same tests against Omise, with OMISE_PUBLIC_KEY and OMISE_SECRET_KEY of
test mode in the environment.
"""

import os
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Account:
    """The URLs and the keys of an account."""

    api_url: str
    vault_url: str
    public_key: str
    secret_key: str


def omise_test_mode():
    """The account whose keys are in the environment; never one of live mode."""
    public, secret = (os.environ.get(f"OMISE_{kind}_KEY", "") for kind in ("PUBLIC", "SECRET"))
    if not public.startswith("pkey_test_") or not secret.startswith("skey_test_"):
        pytest.fail("set OMISE_PUBLIC_KEY and OMISE_SECRET_KEY to keys of test mode", pytrace=False)
    return Account("https://api.omise.co", "https://vault.omise.co", public, secret)


@pytest.fixture(params=["documented", "recorded", pytest.param("live", marks=pytest.mark.live)])
def account(request):
    """An account in each dialect of the sandbox; with `-m live`, one at Omise."""
    if request.param == "live":
        return omise_test_mode()
    world = request.getfixturevalue("world")
    world.control("POST", "settings", {"dialect": request.param})
    return Account(world.url, world.url, world.public_key, world.secret_key)

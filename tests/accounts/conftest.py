"""Accounts over an empty database, without a shop around them."""

import pytest

from storefront.accounts.passwords import Passwords
from storefront.accounts.sessions import Sessions
from storefront.accounts.staff import StaffAccounts
from storefront.accounts.users import Accounts
from storefront.payments.database import Database
from tests.conftest import CHEAP_HASHES


@pytest.fixture
def connected(database_url):
    """The empty database."""
    connected = Database(database_url)
    yield connected
    connected.dispose()


@pytest.fixture
def passwords():
    """Hashes that cost little."""
    return Passwords(CHEAP_HASHES)


@pytest.fixture
def sessions(connected, clock):
    return Sessions(connected, now=clock)


@pytest.fixture
def accounts(connected, passwords, clock):
    return Accounts(connected, passwords, now=clock)


@pytest.fixture
def staff_accounts(connected, passwords, clock):
    return StaffAccounts(connected, passwords, now=clock)

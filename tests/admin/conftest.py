"""The queries of the admin pages over an empty database."""

import pytest

import storefront.fraud.models
import storefront.ops.models  # noqa: F401
from storefront.admin.audit_log import AuditLog
from storefront.payments.database import Database


@pytest.fixture
def connected(database_url):
    """The empty database."""
    connected = Database(database_url)
    yield connected
    connected.dispose()


@pytest.fixture
def audit_log(connected, clock):
    return AuditLog(connected, now=clock)

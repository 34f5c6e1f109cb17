"""Staff in the back office."""

import pytest

from e2e.pages.admin import AdminPage


@pytest.fixture
def staff_account(shop):
    """An account for the back office."""
    shop.add_staff()


@pytest.fixture
def admin(staff_account, new_context):
    """The back office, open in the browser of a member of staff."""
    return AdminPage.log_in(new_context().new_page())

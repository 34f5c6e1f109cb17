"""Staff in the admin."""

import pytest

from e2e.pages.admin import AdminPage
from e2e.support.forms import submit_form
from e2e.support.shops import STAFF_EMAIL, STAFF_PASSWORD


@pytest.fixture
def staff_account(shop):
    """An account for the admin."""
    shop.add_staff()


@pytest.fixture
def admin(staff_account, new_context):
    """The admin, in the browser of a member of staff who is logged in."""
    page = new_context().new_page()
    submit_form(
        page.request, "/admin/login", "/admin/login", email=STAFF_EMAIL, password=STAFF_PASSWORD
    )
    return AdminPage.open(page)

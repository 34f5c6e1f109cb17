"""Every page that the shop sends in these tests is checked against the page rules."""

import re
from functools import lru_cache

import pytest
from flask import request

from storefront.web.headers import MAIL_BODY
from tests.support.flask_shopper import PASSWORD, FlaskShopper
from tests.support.page_rules import faults_in

#: What differs between two copies of a page, and no rule looks at: tokens, keys and numbers.
TOKEN = re.compile(r'(?<= name="csrf.token" )(content|value)="[^"]+"')
KEY = re.compile(r"\b(?:[0-9A-Z]{10}|[0-9a-f]{16,}|[a-z]{4}_test_\w+|(?=\w*\d)[\w-]{22,})\b")

faults_of_text = lru_cache(maxsize=512)(faults_in)


def check_page(text):
    """What is wrong with a page, looked at once however often it is sent."""
    return faults_of_text(with_short_keys(TOKEN.sub(r'\1="token"', text)))


def with_short_keys(text):
    """The page with keys by the order in which they appear: equal ones stay equal."""
    names = {}
    return KEY.sub(lambda key: names.setdefault(key[0], f"key{len(names)}"), text)


@pytest.fixture
def shop_with(shop_with):
    """Makes shops whose pages are checked as they are sent."""
    found = []

    def check(answer):
        is_page = answer.mimetype == "text/html" and request.endpoint != MAIL_BODY
        if is_page and answer.status_code != 204 and not answer.is_streamed:
            found.extend(check_page(answer.get_data(as_text=True)))
        return answer

    def make(**changes):
        app = shop_with(**changes)
        app.after_request(check)
        return app

    yield make
    assert found == []


@pytest.fixture
def staff(app, world, services):
    """A logged-in member of staff."""
    services.staff_accounts.create_or_reset("anong@example.com", PASSWORD)
    person = FlaskShopper(app, world)
    assert person.sends("/admin/login", email="anong@example.com", password=PASSWORD).location
    return person

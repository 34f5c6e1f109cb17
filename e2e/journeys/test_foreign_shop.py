"""The card form of the payment engine in a shop that has no style sheet or script of this one."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from e2e.pages import BankPage
from e2e.pages.card_fields import CardFields
from e2e.support.accessibility import violations
from e2e.support.cards import DECLINED, THREE_DS_CARD, VISA
from e2e.support.layout import FIND_PROBLEMS, SCREENS
from e2e.support.servers import ROOT, free_port, running
from e2e.support.watch import Watch

TOTAL = 490_00

#: Rules about the page around the form, which is the host's.
OF_THE_HOST = "html-has-lang|landmark-one-main|region"


@pytest.fixture(scope="module")
def foreign_shop(shop, tmp_path_factory):
    """The address of the foreign shop, with the folder of the engine copied into it as `paying`."""
    folder, port = tmp_path_factory.mktemp("foreign"), free_port()
    package = folder / "foreign_shop"
    shutil.copytree(ROOT / "tests" / "lift", package)
    shutil.copytree(ROOT / "storefront" / "payments", package / "paying")
    url = f"http://127.0.0.1:{port}"
    settings = {
        "PYTHONPATH": str(folder),
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'foreign.db'}",
        "OMISE_PUBLIC_KEY": shop.world.public_key,
        "OMISE_SECRET_KEY": shop.world.secret_key,
        "OMISE_API_URL": shop.world.url,
        "OMISE_VAULT_URL": shop.world.url,
        "OMISE_JS_URL": f"{shop.world.url}/omise.js",
        "PUBLIC_URL": url,
    }
    flask = ["--app", "foreign_shop.wsgi", "run", "--port", str(port)]
    with running("flask", *flask, port=port, log=folder / "log", **settings):
        yield url


@pytest.fixture
def watch(foreign_shop, sandbox):
    """Watches the pages of the foreign shop."""
    return Watch(foreign_shop, *sandbox.hosts)


@pytest.fixture
def pay_page(new_context, foreign_shop):
    """The page of a new order, to be paid by card."""
    page = new_context().new_page()
    page.goto(f"{foreign_shop}/login/nok@example.com")
    order = {"email": "nok@example.com", "total": str(TOTAL)}
    page.goto(page.request.post(f"{foreign_shop}/orders", form=order).url)
    expect(page.locator("[public-key]:defined")).to_be_attached()
    return page


def expect_status(page, status):
    expect(page.locator("#status")).to_have_text(status)


def test_shopper_pays_once(pay_page, world):
    CardFields(pay_page).fill(VISA)

    pay_page.get_by_role("button", name="Pay").dblclick()

    expect_status(pay_page, "paid")
    assert world.payments() == [(TOTAL, "successful")]


def test_declined_card_is_explained_and_another_pays(pay_page, world):
    card = CardFields(pay_page)
    card.fill(DECLINED)
    pay_page.get_by_role("button", name="Pay").click()
    expect_status(pay_page, "payment_failed")
    expect(card.summary).to_contain_text("Your bank declined the payment.")

    card.fill(VISA)
    pay_page.get_by_role("button", name="Pay").click()

    expect_status(pay_page, "paid")
    assert [status for _, status in world.payments()] == ["failed", "successful"]


def test_card_that_needs_3d_secure(pay_page, world):
    CardFields(pay_page).fill(THREE_DS_CARD)
    pay_page.get_by_role("button", name="Pay").click()

    BankPage(pay_page).approve()

    expect_status(pay_page, "paid")
    assert world.payments() == [(TOTAL, "successful")]


def test_empty_form_is_explained(pay_page, world):
    card = CardFields(pay_page)

    pay_page.get_by_role("button", name="Pay").click()

    card.expect_error(card.number, "Enter the card number.")
    assert world.payments() == []


def test_form_is_accessible_and_well_laid_out(pay_page):
    pay_page.get_by_role("button", name="Pay").click()

    assert [found for found in violations(pay_page) if not re.search(OF_THE_HOST, found)] == []
    for width, height in SCREENS.values():
        pay_page.set_viewport_size({"width": width, "height": height})
        assert pay_page.evaluate(FIND_PROBLEMS) == []

"""Buying in Thai and in Japanese: by what a shopper reads there, and looked at by axe."""

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from e2e.axe import violations
from e2e.cards import DECLINED, VISA, typed
from e2e.keyboard import press_at
from e2e.pages.checkout import expect_alive
from e2e.widths import expect_no_sideways_scroll

MUG = 390_00


class Tongue(NamedTuple):
    """A language, and what the shop says in it."""

    locale: str
    code: str
    mug: str
    add: str
    cart: str
    checkout: str
    email: str
    name: str
    number: str
    expiry: str
    security_code: str
    pay: str
    number_blank: str
    paid: str
    failed: str
    declined: str
    again: str
    when: str


THAI = Tongue(
    locale="th-TH",
    code="th",
    mug="แก้วมักสโตนแวร์",
    add="ใส่ตะกร้า",
    cart="ตะกร้า",
    checkout="ชำระเงิน",
    email="อีเมล",
    name="ชื่อบนบัตร",
    number="หมายเลขบัตร",
    expiry="วันหมดอายุ",
    security_code="รหัสความปลอดภัย (CVV)",
    pay="ชำระเงิน ฿390.00",
    number_blank="กรอกหมายเลขบัตร",
    paid="ขอบคุณสำหรับคำสั่งซื้อ",
    failed="การชำระเงินของคุณไม่สำเร็จ",
    declined="ธนาคารของคุณปฏิเสธการชำระเงิน",
    again="ลองอีกครั้ง",
    when=r"^\d{1,2} [ก-๛.]+ \d{4} \d\d:\d\d UTC$",
)
JAPANESE = Tongue(
    locale="ja-JP",
    code="ja",
    mug="ストーンウェアのマグカップ",
    add="カートに入れる",
    cart="カート",
    checkout="ご購入手続き",
    email="メールアドレス",
    name="カード名義人",
    number="カード番号",
    expiry="有効期限",
    security_code="セキュリティコード",
    pay="฿390.00 を支払う",
    number_blank="カード番号を入力してください。",
    paid="ご注文ありがとうございます",
    failed="お支払いを完了できませんでした",
    declined="カード発行会社がお支払いを承認しませんでした。",
    again="もう一度試す",
    when=r"^\d{4}/\d\d/\d\d \d\d:\d\d UTC$",
)


@pytest.fixture(params=[THAI, JAPANESE], ids=lambda tongue: tongue.code)
def tongue(request):
    """A language other than English."""
    return request.param


@pytest.fixture
def browser_context_args(browser_context_args, request):
    """Where a test asks for a language, the browser belongs to somebody who reads it."""
    if "tongue" not in request.fixturenames:
        return browser_context_args
    tongue = request.getfixturevalue("tongue")
    viewport = {"width": 360, "height": 740}
    return {**browser_context_args, "locale": tongue.locale, "viewport": viewport}


@pytest.mark.both_dialects
def test_a_shopper_buys_in_their_own_language(page, tongue, omise):
    page.goto("/")
    expect_well_said(page, tongue)
    page.get_by_role("link", name=tongue.mug).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(tongue.mug)
    expect_well_said(page, tongue)
    page.get_by_role("button", name=tongue.add).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(tongue.cart)
    expect_well_said(page, tongue)
    at_checkout(page, tongue)
    expect_well_said(page, tongue)

    fill_in(page, tongue, VISA)
    page.get_by_role("button", name=tongue.pay).click()

    expect(page.locator("main")).to_have_attribute("data-status", "paid")
    expect(page.get_by_role("heading", level=1)).to_have_text(tongue.paid)
    expect(page.locator("dl time").first).to_have_text(re.compile(tongue.when))
    expect_well_said(page, tongue)
    assert omise.payments() == [(MUG, "successful")]


def test_problems_are_told_in_the_language_of_the_shopper(page, tongue, omise):
    page.goto("/products/mug")
    page.get_by_role("button", name=tongue.add).click()
    at_checkout(page, tongue)
    page.get_by_role("button", name=tongue.pay).click()
    page.get_by_role("alert").get_by_role("link", name=tongue.number_blank).click()
    expect(page.get_by_label(tongue.number, exact=True)).to_be_focused()
    expect_well_said(page, tongue)

    fill_in(page, tongue, DECLINED)
    page.get_by_role("button", name=tongue.pay).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(tongue.failed)
    expect(page.get_by_role("main")).to_contain_text(tongue.declined)
    expect(page.get_by_role("link", name=tongue.again)).to_be_visible()
    expect_well_said(page, tongue)
    assert omise.payments() == [(MUG, "failed")]


def test_the_language_is_switched_from_the_keyboard(page):
    page.goto("/cart")
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")

    press_at(page.get_by_role("button", name="日本語"), "Enter")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page).to_have_url("/cart")
    switch = page.get_by_role("form", name="言語")
    expect(switch.locator("[aria-current]")).to_have_text("日本語")
    press_at(switch.get_by_role("button", name="ไทย"), "Space")
    expect(page.locator("html")).to_have_attribute("lang", "th")

    page.goto("/")

    expect(page.locator("html")).to_have_attribute("lang", "th")
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_the_switch_is_easy_to_hit_and_shows_its_choice_without_colour(page, width):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto("/")

    for button in page.locator(".language-switch button").all():
        box = button.bounding_box()
        is_chosen = button.get_attribute("aria-current") == "true"
        border = button.evaluate("(button) => getComputedStyle(button).borderTopStyle")
        assert min(box["width"], box["height"]) >= 24
        assert (border == "solid") == is_chosen


def at_checkout(page: Page, tongue: Tongue) -> None:
    """Go on from the cart."""
    page.get_by_role("link", name=tongue.checkout, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(tongue.checkout)
    expect_alive(page)


def fill_in(page: Page, tongue: Tongue, card) -> None:
    """Write into the fields by their labels."""
    typed.append(card)
    page.get_by_label(tongue.email, exact=True).fill("nok@example.com")
    page.get_by_label(tongue.name, exact=True).fill(card.name)
    page.get_by_label(tongue.number, exact=True).fill(card.number)
    page.get_by_label(tongue.expiry, exact=True).fill(card.expiry)
    page.get_by_label(tongue.security_code, exact=True).fill(card.security_code)


def expect_well_said(page: Page, tongue: Tongue) -> None:
    """The page says in which language it is, axe has nothing against it, and it fits."""
    expect(page.locator("html")).to_have_attribute("lang", tongue.code)
    expect_no_sideways_scroll(page)
    assert violations(page) == []

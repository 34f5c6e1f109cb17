"""Buying in Thai and in Japanese, by the words on the pages; each page is accessible and fits."""

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from e2e.pages.checkout import enter_address, expect_script_running
from e2e.support.accessibility import violations
from e2e.support.cards import DECLINED, VISA, entered_cards
from e2e.support.keyboard import press_at
from e2e.support.viewport import expect_no_sideways_scroll

MUG = 390_00


class Language(NamedTuple):
    """A language, and the words of the shop in it."""

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


THAI = Language(
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
    when=r"^\d{1,2} [ก-๛.]+ \d{4} \d\d:\d\d น\.$",
)
JAPANESE = Language(
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
    when=r"^\d{4}/\d\d/\d\d \d\d:\d\d タイ時間$",
)


@pytest.fixture(params=[THAI, JAPANESE], ids=lambda language: language.code)
def language(request):
    """A language other than English."""
    return request.param


@pytest.fixture
def browser_context_args(browser_context_args, request):
    """The browser prefers the language that a test asks for."""
    if "language" not in request.fixturenames:
        return browser_context_args
    language = request.getfixturevalue("language")
    viewport = {"width": 360, "height": 740}
    return {**browser_context_args, "locale": language.locale, "viewport": viewport}


def test_shopper_buys_in_another_language(page, language, world):
    page.goto("/")
    expect_page_in(page, language)
    page.get_by_role("link", name=language.mug).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(language.mug)
    expect_page_in(page, language)
    page.get_by_role("button", name=language.add).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(language.cart)
    expect_page_in(page, language)
    go_to_checkout(page, language)
    expect_page_in(page, language)

    fill_in(page, language, VISA)
    page.get_by_role("button", name=language.pay).click()

    expect(page.locator("main")).to_have_attribute("data-status", "paid")
    expect(page.get_by_role("heading", level=1)).to_have_text(language.paid)
    expect(page.locator("dl time").first).to_have_text(re.compile(language.when))
    expect_page_in(page, language)
    assert world.payments() == [(MUG, "successful")]


def test_errors_are_in_the_language_of_the_shopper(page, language, world):
    page.goto("/products/mug")
    page.get_by_role("button", name=language.add).click()
    go_to_checkout(page, language)
    page.get_by_role("button", name=language.pay).click()
    page.get_by_role("alert").get_by_role("link", name=language.number_blank).click()
    expect(page.get_by_label(language.number, exact=True)).to_be_focused()
    expect_page_in(page, language)

    fill_in(page, language, DECLINED)
    page.get_by_role("button", name=language.pay).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(language.failed)
    expect(page.get_by_role("main")).to_contain_text(language.declined)
    expect(page.get_by_role("link", name=language.again)).to_be_visible()
    expect_page_in(page, language)
    assert world.payments() == [(MUG, "failed")]


def test_language_is_switched_from_the_keyboard(page):
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
def test_language_switch_is_large_enough_and_needs_no_colour(page, width):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto("/")

    for button in page.locator(".language-switch button").all():
        box = button.bounding_box()
        is_chosen = button.get_attribute("aria-current") == "true"
        border = button.evaluate("(button) => getComputedStyle(button).borderTopStyle")
        assert min(box["width"], box["height"]) >= 24
        assert (border == "solid") == is_chosen


def go_to_checkout(page: Page, language: Language) -> None:
    """Go on from the cart."""
    page.get_by_role("link", name=language.checkout, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(language.checkout)
    expect_script_running(page)


def fill_in(page: Page, language: Language, card) -> None:
    """Fill in the fields by their labels."""
    entered_cards.append(card)
    enter_address(page)
    page.get_by_label(language.email, exact=True).fill("nok@example.com")
    page.get_by_label(language.name, exact=True).fill(card.name)
    page.get_by_label(language.number, exact=True).fill(card.number)
    page.get_by_label(language.expiry, exact=True).fill(card.expiry)
    page.get_by_label(language.security_code, exact=True).fill(card.security_code)


def expect_page_in(page: Page, language: Language) -> None:
    """The page names its language, is accessible, and fits the screen."""
    expect(page.locator("html")).to_have_attribute("lang", language.code)
    expect_no_sideways_scroll(page)
    assert violations(page, ("light",)) == []

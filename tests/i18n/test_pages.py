"""No page or mail for a shopper contains untranslated English."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from flask import render_template_string

from storefront.payments.money import Money
from storefront.settings import LANGUAGES
from storefront.web.information import TITLES
from tests.i18n.english import TRANSLATED_LANGUAGES, english_in
from tests.support.order_states import ORDER_STATES
from tests.support.page_rules import faults_in


def test_english_is_detected():
    assert english_in("<p>Your cart is empty.</p>", "th")
    assert english_in("<p>Expires 12/30</p>", "ja")
    assert english_in("<p>There is no translation of this</p>", "ja")
    assert not english_in("<p>Visa •••• 4242 Touch 'n Go eWallet</p>", "ja")


def expect_only(language, shopper):
    page = shopper.page.get_data(as_text=True)
    assert f'<html lang="{language}">' in page
    assert english_in(page, language) == [], shopper.page.request.path
    assert faults_in(page) == []


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_pages_of_a_guest_are_translated(speaks, language):
    shopper = speaks(language)
    unknown = ("/unknown", "/products/nothing", "/orders/X")
    information = [f"/information/{name}" for name in TITLES]
    for path in ("/", "/cart", "/login", "/signup", *unknown, *information):
        shopper.sees(path)
        expect_only(language, shopper)
    for product in catalogue_of(shopper):
        shopper.sees(f"/products/{product.sku}")
        expect_only(language, shopper)
        shopper.puts_in_cart(product.sku)
    for path in ("/cart", "/checkout"):
        shopper.sees(path)
        expect_only(language, shopper)
    for path, fields in (
        ("/charge", {"email": "nonsense", "amount": "x"}),
        ("/charge", {"email": "a@example.com", "token": "tokn_test_1", "amount": "1"}),
        ("/signup", {"email": "nonsense", "password": "short"}),
        ("/login", {"email": "unknown@example.com", "password": "a wrong one"}),
        ("/cart", {"sku": "mug", "quantity": "many"}),
    ):
        shopper.submits(path, **fields)
        assert shopper.page.status_code == (200 if path == "/charge" else 422)
        expect_only(language, shopper)


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_pages_of_a_member_are_translated(speaks, world, language):
    shopper = speaks(language)
    shopper.signs_up()
    for path in ("/orders", "/cards", "/account", "/account/address"):
        shopper.sees(path)
        expect_only(language, shopper)
    shopper.sends("/cards", token=world.token())
    shopper.sends("/cards", token=world.token("5555555555554444"))
    shopper.puts_in_cart()
    for path in ("/cards", "/checkout"):
        shopper.sees(path)
        expect_only(language, shopper)
    shopper.pays("4000000000000002")
    expect_only(language, shopper)
    shopper.pays(save_address="1")
    expect_only(language, shopper)
    shopper.sees("/orders")
    expect_only(language, shopper)
    shopper.sends("/account/log-out-everywhere")
    shopper.sees("/account")
    expect_only(language, shopper)
    shopper.sends("/account/password", old_password="wrong", password="a new long one")
    expect_only(language, shopper)


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
@pytest.mark.parametrize("status", ORDER_STATES)
def test_order_page_of_each_status_is_translated(speaks, world, clock, status, language):
    happens, capture = ORDER_STATES[status]
    shopper = speaks(language, capture=capture)
    shopper.puts_in_cart()
    happens(shopper, world, clock)

    shopper.sees(f"/orders/{shopper.order_number}")

    assert shopper.status == status
    expect_only(language, shopper)


def catalogue_of(shopper):
    return shopper.client.application.extensions["shop"].catalogue


def test_sold_out_product_is_named_in_the_language_of_the_shopper(speaks):
    shopper = speaks("ja")
    shopper.client.application.extensions["shop"].inventory.set_level("mug", 0)
    shopper.puts_in_cart()

    shopper.pays()

    assert "「ストーンウェアのマグカップ」は売り切れました。" in shopper.text
    expect_only("ja", shopper)


def test_json_errors_are_translated(speaks, world):
    shopper = speaks("th-TH, en;q=0.5")
    shopper.puts_in_cart()

    declined = shopper.pays_by_json(token=world.token("4000000000000002"))
    nothing = shopper.pays_by_json()

    assert "ธนาคารของคุณปฏิเสธการชำระเงิน" in declined.json["error"]
    assert nothing.json["error"] == "กรอกข้อมูลบัตร หรือเลือกบัตรที่บันทึกไว้"


def test_admin_is_in_english(speaks):
    shopper = speaks("ja")

    shopper.sends("/admin/login", email="unknown@example.com", password="a wrong one")

    assert "Incorrect email or password." in shopper.text
    assert not re.search(r"[\u3040-\u30ff]", shopper.text)


@pytest.mark.parametrize(
    ("language", "subject", "mug"),
    [
        ("ja", "ご注文 %s の領収のお知らせ", "ストーンウェアのマグカップ"),
        ("th", "ใบเสร็จสำหรับคำสั่งซื้อ %s", "แก้วมักสโตนแวร์"),
    ],
)
def test_mail_is_in_the_language_of_the_order(speaks, tmp_path, language, subject, mug):
    shopper = speaks(language, mail_folder=tmp_path / "mail")
    shopper.puts_in_cart()
    shopper.pays()

    shopper.client.application.extensions["shop"].engine.worker.run_due()

    [file] = (tmp_path / "mail").iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Subject"] == subject % shopper.order_number
    for kind in ("plain", "html"):
        text = mail.get_body([kind]).get_content()
        assert mug in text
        assert "฿390.00" in text
        assert english_in(text, language) == []
    assert f'<html lang="{language}">' in text


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (129000, "THB", {"en": "฿1,290.00", "th": "฿1,290.00", "ja": "฿1,290.00"}),
        (1680, "JPY", {"en": "¥1,680", "th": "¥1,680", "ja": "￥1,680"}),
        (123456, "USD", {"en": "$1,234.56", "th": "US$1,234.56", "ja": "$1,234.56"}),
    ],
)
def test_money_is_formatted_for_the_language(amount, currency, shown):
    assert {code: Money(amount, currency).format(code) for code in LANGUAGES} == shown


@pytest.mark.parametrize(
    ("zone", "language", "shown"),
    [
        ("Asia/Bangkok", "en", "21 Nov 2026, 15:05 Bangkok time"),
        ("Asia/Bangkok", "th", "21 พ.ย. 2026 15:05 น."),
        ("Asia/Bangkok", "ja", "2026/11/21 15:05 タイ時間"),
        ("Asia/Tokyo", "en", "21 Nov 2026, 17:05 Tokyo time"),
        ("Asia/Tokyo", "th", "21 พ.ย. 2026 17:05 น. เวลาญี่ปุ่น"),
        ("Asia/Tokyo", "ja", "2026/11/21 17:05"),
        ("America/Argentina/Buenos_Aires", "en", "21 Nov 2026, 05:05 Buenos Aires time"),
        ("UTC", "en", "21 Nov 2026, 08:05 UTC"),
        ("Etc/GMT-7", "ja", "2026/11/21 15:05 Etc/GMT-7"),
    ],
)
def test_times_are_formatted_for_the_language(shop_with, zone, language, shown):
    app = shop_with(store_timezone=zone)
    moment = datetime(2026, 11, 21, 8, 5, tzinfo=UTC)

    with app.test_request_context(headers={"Accept-Language": language}):
        assert render_template_string("{{ moment | when }}", moment=moment) == shown

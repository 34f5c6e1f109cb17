"""Three languages: nothing a shopper sees is left in English, whatever they do."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import render_template_string
from jinja2 import Environment, nodes

from storefront.money import Money
from storefront.settings import LANGUAGES
from tests.page_rules import faults_in
from tests.shopper import ShopperAtTheShop
from tests.web.test_html import ROADS
from tools import catalogues

ROOT = Path(__file__).parent.parent
OTHERS = catalogues.LANGUAGES

SAID = catalogues.sentences()
KEPT = {language: catalogues.kept(language) for language in OTHERS}
TEMPLATES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "templates").rglob("*")
    if path.is_file() and not path.relative_to(ROOT).as_posix().startswith(catalogues.ENGLISH_ONLY)
)

#: Attributes that are read out or shown.
READ = ("alt", "aria-label", "aria-description", "data-over", "placeholder", "title")

#: What looks like words in a template and is none: a block that stands within a tag.
NOT_WORDS = {'data-status=""'}


class Words(HTMLParser):
    """Everything in a page that somebody may read, piece by piece."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.found += [given[name] for name in READ if given.get(name)]
        if given.get("name") == "description":
            self.found.append(given.get("content", ""))

    def handle_data(self, data):
        self.found.append(" ".join(data.split()))


def placeholders(text):
    return sorted(re.findall(r"%\((\w+)\)s", text))


# The catalogues


def test_the_shop_speaks_the_languages_that_have_a_catalogue():
    assert {"en", *OTHERS} == set(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated(language):
    assert set(SAID) == {entry.id for entry in KEPT[language] if entry.id}, "run: make catalogues"
    assert catalogues.untranslated(KEPT[language]) == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_the_placeholders(language):
    for sentence in SAID:
        translation = KEPT[language].get(sentence).string
        names = placeholders(sentence)
        assert placeholders(translation) == names, sentence
        if names:
            assert translation % dict.fromkeys(names, "1")


@pytest.mark.parametrize("language", OTHERS)
def test_what_the_shop_reads_is_what_was_translated(language):
    assert catalogues.mo_path(language).read_bytes() == catalogues.mo_of(KEPT[language])


def test_that_nobody_was_charged_is_said_in_the_same_words_everywhere():
    unmistakable = {"th": "คุณยังไม่ถูกเรียกเก็บเงิน", "ja": "代金は請求されていません"}
    sentences = [sentence for sentence in SAID if "You have not been charged." in sentence]

    assert len(sentences) > 20
    for language, words in unmistakable.items():
        for sentence in sentences:
            assert words in KEPT[language].get(sentence).string


# The templates


@pytest.mark.parametrize("path", TEMPLATES)
def test_no_template_says_anything_by_itself(path):
    assert untranslated_in((ROOT / path).read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        "<p>{{ _('Hello') }} there</p>",
        "{# no #}{% if x %}Go{% endif %}",
        '<img alt="A mug">',
        '<input placeholder="Name">',
        "{{ field('email', 'Email') }}",
        "{{ x or 'Nothing here' }}",
        '<meta name="description" content="A shop">',
    ],
)
def test_a_template_that_does_is_found(source):
    assert untranslated_in(source)


def untranslated_in(source):
    """What a template says to people without asking for a translation."""
    env = Environment()  # noqa: S701 - it is only read
    data = "".join(value for _, kind, value in env.lex(source) if kind == "data")
    texts = [text for text in Words(data).found if re.search(r"[^\W\d_]{2}", text)]
    return [text for text in [*texts, *literals(env.parse(source))] if text not in NOT_WORDS]


def literals(node):
    """Strings in expressions that read like words for people, and do not stand in `_()`."""
    if isinstance(node, nodes.Call) and getattr(node.node, "name", "") == "_":
        return
    value = getattr(node, "value", None) if isinstance(node, nodes.Const) else None
    if isinstance(value, str) and re.search(r"\b[A-Z][a-z]|[A-Za-z]{2} [A-Za-z]{2}", value):
        yield value
    for child in node.iter_child_nodes():
        yield from literals(child)


# The pages


def english_in(page, language):
    """What a page says in English although there is a translation, or in whole sentences."""
    found = []
    for piece in Words(page).found:
        found += [piece for pattern in english(language) if pattern.search(piece)]
        found += re.findall(r"(?:\b[A-Za-z']{2,} ){2}[a-z]{2,}", piece)
    return found


@cache
def english(language):
    """Patterns of the sentences that are others in that language."""
    others = [text for text in SAID if KEPT[language].get(text).string != text]
    return [pattern_of(text) for text in others]


def pattern_of(sentence):
    """A sentence with whatever may stand in it, but not as a part of a word."""
    filled_in = re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(sentence))
    return re.compile(rf"(?<!\w){filled_in}(?!\w)")


def test_english_is_noticed():
    assert english_in("<p>Your cart is empty.</p>", "th")
    assert english_in("<p>Expires 12/30</p>", "ja")
    assert english_in("<p>There is nobody who translated this</p>", "ja")
    assert not english_in("<p>Visa •••• 4242 Touch 'n Go eWallet</p>", "ja")


@pytest.fixture
def speaks(shop_with, world):
    """Makes shoppers whose browser asks for a language."""

    def make(accept, **settings):
        shopper = ShopperAtTheShop(shop_with(**settings), world)
        shopper.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = accept
        return shopper

    return make


def expect_only(language, shopper):
    page = shopper.page.get_data(as_text=True)
    assert f'<html lang="{language}">' in page
    assert english_in(page, language) == [], shopper.page.request.path
    assert faults_in(page) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_guest_reads_no_english(speaks, language):
    shopper = speaks(language)
    for path in ("/", "/cart", "/login", "/signup", "/nowhere", "/products/nothing", "/orders/X"):
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
        ("/charge", {"email": "nobody", "amount": "x"}),
        ("/charge", {"email": "a@example.com", "token": "tokn_test_1", "amount": "1"}),
        ("/signup", {"email": "nobody", "password": "short"}),
        ("/login", {"email": "nobody@example.com", "password": "a wrong one"}),
        ("/cart", {"sku": "mug", "quantity": "many"}),
    ):
        shopper.sends(path, **fields)
        assert shopper.page.status_code in {409, 422}
        expect_only(language, shopper)


@pytest.mark.parametrize("language", OTHERS)
def test_a_member_reads_no_english(speaks, world, language):
    shopper = speaks(language)
    shopper.signs_up()
    for path in ("/orders", "/cards", "/account"):
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
    shopper.pays()
    expect_only(language, shopper)
    shopper.sees("/orders")
    expect_only(language, shopper)
    shopper.sends("/account/log-out-everywhere")
    shopper.sees("/account")
    expect_only(language, shopper)
    shopper.sends("/account/password", old_password="wrong", password="a new long one")
    expect_only(language, shopper)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("status", ROADS)
def test_an_order_in_each_status_is_told_without_english(speaks, world, clock, status, language):
    happens, capture = ROADS[status]
    shopper = speaks(language, capture=capture)
    shopper.puts_in_cart()
    happens(shopper, world, clock)

    shopper.sees(f"/orders/{shopper.order_number}")

    assert shopper.status == status
    expect_only(language, shopper)


def catalogue_of(shopper):
    return shopper.client.application.extensions["shop"].catalogue


def test_what_is_sold_out_is_named_in_the_language_of_the_shopper(speaks):
    shopper = speaks("ja")
    shopper.client.application.extensions["shop"].stockroom.put("mug", 0)
    shopper.puts_in_cart()

    shopper.pays()

    assert "「ストーンウェアのマグカップ」は売り切れました。" in shopper.text
    expect_only("ja", shopper)


def test_programs_are_told_in_the_language_that_they_ask_for(speaks, world):
    shopper = speaks("th-TH, en;q=0.5")
    shopper.puts_in_cart()

    declined = shopper.pays_by_json(token=world.token("4000000000000002"))
    nothing = shopper.pays_by_json()

    assert "ธนาคารของคุณปฏิเสธการชำระเงิน" in declined.json["error"]
    assert nothing.json["error"] == "กรอกข้อมูลบัตร หรือเลือกบัตรที่บันทึกไว้"


def test_the_back_office_is_in_english(speaks):
    shopper = speaks("ja")

    shopper.sends("/admin/login", email="nobody@example.com", password="a wrong one")

    assert "The email or the password is not right." in shopper.text
    assert not re.search(r"[\u3040-\u30ff]", shopper.text)


# Mails


@pytest.mark.parametrize(
    ("language", "subject", "mug"),
    [
        ("ja", "ご注文 %s の領収のお知らせ", "ストーンウェアのマグカップ"),
        ("th", "ใบเสร็จสำหรับคำสั่งซื้อ %s", "แก้วมักสโตนแวร์"),
    ],
)
def test_a_mail_is_in_the_language_of_the_order(speaks, tmp_path, language, subject, mug):
    shopper = speaks(language, mail_folder=tmp_path / "mail")
    shopper.puts_in_cart()
    shopper.pays()

    shopper.client.application.extensions["shop"].worker.work_off()

    [file] = (tmp_path / "mail").iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Subject"] == subject % shopper.order_number
    for kind in ("plain", "html"):
        text = mail.get_body([kind]).get_content()
        assert mug in text
        assert "฿390.00" in text
        assert english_in(text, language) == []
    assert f'<html lang="{language}">' in text


# Numbers and dates


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (129000, "THB", {"en": "฿1,290.00", "th": "฿1,290.00", "ja": "฿1,290.00"}),
        (1680, "JPY", {"en": "¥1,680", "th": "¥1,680", "ja": "￥1,680"}),
        (123456, "USD", {"en": "$1,234.56", "th": "US$1,234.56", "ja": "$1,234.56"}),
    ],
)
def test_money_is_written_as_in_the_language(amount, currency, shown):
    assert {code: Money(amount, currency).format(code) for code in LANGUAGES} == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "21 Nov 2026, 08:05 UTC"),
        ("th", "21 พ.ย. 2026 08:05 UTC"),
        ("ja", "2026/11/21 08:05 UTC"),
    ],
)
def test_times_are_written_as_in_the_language(app, language, shown):
    moment = datetime(2026, 11, 21, 8, 5, tzinfo=UTC)

    with app.test_request_context(headers={"Accept-Language": language}):
        assert render_template_string("{{ moment | when }}", moment=moment) == shown


# Which language


def language_of(shopper, path="/"):
    return re.search(r'<html lang="([^"]+)"', shopper.sees(path).get_data(as_text=True))[1]


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("th", "th"),
        ("th-TH,th;q=0.9,en;q=0.8", "th"),
        ("ja-JP", "ja"),
        ("th-TH,en;q=0.9", "th"),
        ("ja-JP;q=0.2,en-GB;q=0.7", "en-GB"),
        ("de, ja;q=0.5, en;q=0.2", "ja"),
        ("th;q=0, ja;q=0.1", "ja"),
        ("en-US,en;q=0.9,th;q=0.1", "en-GB"),
        ("de", "en-GB"),
        ("", "en-GB"),
        ("*", "en-GB"),
        (";;;q=x,\u00e9", "en-GB"),
    ],
)
def test_the_browser_is_asked_first(speaks, accept, language):
    assert language_of(speaks(accept)) == language


@pytest.mark.parametrize(("accept", "language"), [("de", "ja"), ("", "ja"), ("th", "th")])
def test_the_shop_has_a_language_of_its_own_for_everybody_else(speaks, accept, language):
    assert language_of(speaks(accept, store_locale="ja")) == language


def test_what_the_shopper_chooses_counts_more(speaks):
    shopper = speaks("th")

    answer = shopper.sends("/language", language="ja", next="/cart")

    assert (answer.status_code, answer.location) == (303, "/cart")
    assert language_of(shopper) == "ja"
    assert shopper.sends("/language", language="en").location == "/"
    assert language_of(shopper) == "en-GB"


def test_the_choice_lasts_from_log_in_to_log_out_and_beyond(speaks):
    shopper = speaks("en")
    shopper.sends("/language", language="ja")

    shopper.signs_up()
    assert language_of(shopper, "/account") == "ja"
    shopper.sends("/logout")
    assert language_of(shopper) == "ja"
    shopper.sends("/login", email="somchai@example.com", password="correct horse battery")

    assert language_of(shopper, "/account") == "ja"


@pytest.mark.parametrize("language", ["de", "", "EN", "../th", "th\n", "zh"])
def test_a_language_that_the_shop_does_not_speak_changes_nothing(speaks, language):
    shopper = speaks("th")
    before = language_of(shopper)

    answer = shopper.sends("/language", language=language)

    assert answer.status_code == 303
    assert language_of(shopper) == before


@pytest.mark.parametrize(
    "path",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        "javascript:alert(1)",
        "elsewhere",
        "",
    ],
)
def test_choosing_a_language_leads_to_no_other_host(shopper, path):
    assert shopper.sends("/language", language="th", next=path).location == "/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_switch_says_which_language_is_spoken(speaks, language):
    page = speaks(language).sees("/cart").get_data(as_text=True)

    switch = re.search(r'<form class="languages".*?</form>', page, re.S)[0]
    assert re.findall(r'value="(\w+)" lang="\w+" aria-current="true"', switch) == [language]
    assert re.findall(r'name="next" value="([^"]+)"', switch) == ["/cart"]
    assert all(name in switch for name in ("English", "ไทย", "日本語"))

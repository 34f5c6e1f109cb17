"""The language of a page: the chosen one, else the browser's, else the shop's."""

import re

import pytest

from storefront.settings import LANGUAGES


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
def test_browser_language_is_used(speaks, accept, language):
    assert language_of(speaks(accept)) == language


@pytest.mark.parametrize(("accept", "language"), [("de", "ja"), ("", "ja"), ("th", "th")])
def test_store_locale_is_the_fallback(speaks, accept, language):
    assert language_of(speaks(accept, store_locale="ja")) == language


def test_chosen_language_wins_over_the_browser(speaks):
    shopper = speaks("th")

    answer = shopper.sends("/language", language="ja", next="/cart")

    assert (answer.status_code, answer.location) == (303, "/cart")
    assert language_of(shopper) == "ja"
    assert shopper.sends("/language", language="en").location == "/"
    assert language_of(shopper) == "en-GB"


def test_chosen_language_survives_login_and_logout(speaks):
    shopper = speaks("en")
    shopper.sends("/language", language="ja")

    shopper.signs_up()
    assert language_of(shopper, "/account") == "ja"
    shopper.sends("/logout")
    assert language_of(shopper) == "ja"
    shopper.sends("/login", email="somchai@example.com", password="correct horse battery")

    assert language_of(shopper, "/account") == "ja"


@pytest.mark.parametrize("language", ["de", "", "EN", "../th", "th\n", "zh"])
def test_unknown_language_is_ignored(speaks, language):
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
def test_language_choice_does_not_redirect_to_another_host(shopper, path):
    assert shopper.sends("/language", language="th", next=path).location == "/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_switch_marks_the_current_language(speaks, language):
    page = speaks(language).sees("/cart").get_data(as_text=True)

    switch = re.search(r'<form class="language-switch".*?</form>', page, re.S)[0]
    assert re.findall(r'value="(\w+)" lang="\w+" aria-current="true"', switch) == [language]
    assert re.findall(r'name="next" value="([^"]+)"', switch) == ["/cart"]
    assert all(name in switch for name in ("English", "ไทย", "日本語"))

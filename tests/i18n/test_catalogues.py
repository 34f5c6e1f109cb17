"""The translation catalogues are complete and up to date."""

import re

import pytest
from babel.messages.mofile import read_mo

from tests.i18n.english import CATALOGUES, MESSAGES, po_path

ALL = pytest.mark.parametrize(("locales", "language"), CATALOGUES)


@ALL
def test_every_message_is_translated(locales, language):
    catalogue = CATALOGUES[locales, language]

    assert set(MESSAGES[locales]) == {entry.id for entry in catalogue if entry.id}, (
        "run: make catalogues"
    )
    assert [entry.id for entry in catalogue if not entry.string or entry.fuzzy] == []


@ALL
def test_translations_keep_the_placeholders(locales, language):
    for sentence in MESSAGES[locales]:
        translation = str(CATALOGUES[locales, language].get(sentence).string)
        names = placeholders(sentence)
        assert placeholders(translation) == names, sentence
        if names:
            assert translation % dict.fromkeys(names, "1")


def placeholders(text):
    return sorted(re.findall(r"%\((\w+)\)s", text))


@ALL
def test_compiled_catalogue_is_up_to_date(locales, language):
    with po_path(locales, language).with_suffix(".mo").open("rb") as file:
        compiled = {entry.id: entry.string for entry in read_mo(file) if entry.id}

    expected = {entry.id: entry.string for entry in CATALOGUES[locales, language] if entry.id}
    assert compiled == expected


def test_not_charged_is_translated_consistently():
    expected = {"th": "คุณยังไม่ถูกเรียกเก็บเงิน", "ja": "代金は請求されていません"}
    sentences = [
        (locales, sentence)
        for locales, messages in MESSAGES.items()
        for sentence in messages
        if "You have not been charged." in sentence
    ]

    assert len(sentences) > 20
    for language, phrase in expected.items():
        for locales, sentence in sentences:
            assert phrase in str(CATALOGUES[locales, language].get(sentence).string)

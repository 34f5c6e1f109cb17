"""The translation catalogues are complete and up to date."""

import re

import pytest

from storefront.settings import LANGUAGES
from tests.i18n.english import CATALOGUES, MESSAGES, TRANSLATED_LANGUAGES
from tools import catalogues


def test_every_language_has_a_catalogue():
    assert {"en", *TRANSLATED_LANGUAGES} == set(LANGUAGES)


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_every_message_is_translated(language):
    assert set(MESSAGES) == {entry.id for entry in CATALOGUES[language] if entry.id}, (
        "run: make catalogues"
    )
    assert catalogues.untranslated(CATALOGUES[language]) == []


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_translations_keep_the_placeholders(language):
    for sentence in MESSAGES:
        translation = CATALOGUES[language].get(sentence).string
        names = placeholders(sentence)
        assert placeholders(translation) == names, sentence
        if names:
            assert translation % dict.fromkeys(names, "1")


def placeholders(text):
    return sorted(re.findall(r"%\((\w+)\)s", text))


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_compiled_catalogue_is_up_to_date(language):
    assert catalogues.mo_path(language).read_bytes() == catalogues.mo_of(CATALOGUES[language])


def test_not_charged_is_translated_consistently():
    expected = {"th": "คุณยังไม่ถูกเรียกเก็บเงิน", "ja": "代金は請求されていません"}
    sentences = [sentence for sentence in MESSAGES if "You have not been charged." in sentence]

    assert len(sentences) > 20
    for language, phrase in expected.items():
        for sentence in sentences:
            assert phrase in CATALOGUES[language].get(sentence).string

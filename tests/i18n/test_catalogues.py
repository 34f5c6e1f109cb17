"""The catalogues are complete, and say what the shop says."""

import re

import pytest

from storefront.settings import LANGUAGES
from tests.i18n.english import KEPT, OTHERS, SAID
from tools import catalogues


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


def placeholders(text):
    return sorted(re.findall(r"%\((\w+)\)s", text))


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

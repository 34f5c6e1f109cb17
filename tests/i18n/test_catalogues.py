"""The catalogues are complete, and say what the shop says."""

import re

import pytest
from babel.messages.mofile import read_mo

from tests.i18n.english import KEPT, OTHERS, SAID, po_path


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated(language):
    assert set(SAID) == {entry.id for entry in KEPT[language] if entry.id}, "run: make catalogues"
    assert [entry.id for entry in KEPT[language] if not entry.string or entry.fuzzy] == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_the_placeholders(language):
    for sentence in SAID:
        translation = str(KEPT[language].get(sentence).string)
        names = placeholders(sentence)
        assert placeholders(translation) == names, sentence
        if names:
            assert translation % dict.fromkeys(names, "1")


def placeholders(text):
    return sorted(re.findall(r"%\((\w+)\)s", text))


@pytest.mark.parametrize("language", OTHERS)
def test_what_the_shop_reads_is_what_was_translated(language):
    with po_path(language).with_suffix(".mo").open("rb") as file:
        compiled = {entry.id: entry.string for entry in read_mo(file) if entry.id}

    assert compiled == {entry.id: entry.string for entry in KEPT[language] if entry.id}


def test_that_nobody_was_charged_is_said_in_the_same_words_everywhere():
    unmistakable = {"th": "คุณยังไม่ถูกเรียกเก็บเงิน", "ja": "代金は請求されていません"}
    sentences = [sentence for sentence in SAID if "You have not been charged." in sentence]

    assert len(sentences) > 20
    for language, words in unmistakable.items():
        for sentence in sentences:
            assert words in str(KEPT[language].get(sentence).string)

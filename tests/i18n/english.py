"""Finds English text in pages and mails of another language."""

import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.pofile import read_po

from storefront.settings import LANGUAGES
from tests.support.programs import ROOT

TRANSLATED_LANGUAGES = [language for language in LANGUAGES if language != "en"]

KEYWORDS = ["-k", "gettext_noop", "-k", "say"]

#: The owners of catalogues: folder of the catalogues → configuration and folder of the messages.
#: The same as in the target `catalogues` of the Makefile.
OWNERS = {
    "storefront/locales": ("babel.cfg", "."),
    "storefront/payments/locales": ("storefront/payments/babel.cfg", "storefront/payments"),
}


def po_path(locales, language):
    """The catalogue of a language as translators edit it."""
    return ROOT / locales / language / "LC_MESSAGES" / "messages.po"


def load(path, language=None):
    """A catalogue read from its file."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def extract(config, source):
    """The sentences of an owner, as `make catalogues` extracts them."""
    with TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", config]
        subprocess.run([*command, *KEYWORDS, "-o", str(template), source], cwd=ROOT, check=True)
        return [message.id for message in load(template) if message.id]


#: Folder of catalogues → the sentences.
MESSAGES = {locales: extract(*source) for locales, source in OWNERS.items()}

#: Folder of catalogues and language → the catalogue.
CATALOGUES = {
    (locales, language): load(po_path(locales, language), language)
    for locales in OWNERS
    for language in TRANSLATED_LANGUAGES
}

#: Attributes that are read out or shown.
READ = ("alt", "aria-label", "aria-description", "data-over", "placeholder", "title")


class Words(HTMLParser):
    """All text of a page that people can read."""

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


def english_in(page, language):
    """The texts of a page in English: messages that have a translation, and whole sentences."""
    found = []
    for piece in Words(page).found:
        found += [piece for pattern in english(language) if pattern.search(piece)]
        found += re.findall(r"(?:\b[A-Za-z']{2,} ){2}[a-z]{2,}", piece)
    return found


@cache
def english(language):
    """Patterns of the messages whose translation differs."""
    return [
        pattern_of(text)
        for locales, messages in MESSAGES.items()
        for text in messages
        if CATALOGUES[locales, language].get(text).string != text
    ]


def pattern_of(sentence):
    """A pattern of a message with any parameters, not as a part of a word."""
    filled_in = re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(sentence))
    return re.compile(rf"(?<!\w){filled_in}(?!\w)")

"""The language of a page: what the shopper chose, else what their browser asks for.

The back office is in English only.
"""

from pathlib import Path

from flask import Flask, request, session
from flask_babel import Babel, get_locale, gettext

from storefront.errors import InvalidForm, StorefrontError
from storefront.payments.errors import PaymentError
from storefront.payments.i18n import Message
from storefront.settings import LANGUAGES, Settings

CATALOGUES = Path(__file__).parent.parent / "locales"

#: Each language by its own name.
NAMES = {"en": "English", "th": "ไทย", "ja": "日本語"}


def init_app(app: Flask, settings: Settings) -> None:
    """Let the app speak."""

    def chosen() -> str:
        if "admin" in request.blueprints:
            return "en"
        kept = session.get("language")
        if kept in LANGUAGES:
            return str(kept)
        return asked_for() or settings.store_locale

    Babel(
        app,
        default_locale=settings.store_locale,
        default_translation_directories=str(CATALOGUES),
        locale_selector=chosen,
    )
    app.template_filter("t")(translated)


def asked_for() -> str | None:
    """The language of ours that the browser likes best; th-TH asks for Thai.

    Werkzeug's `best_match` would rather give English to somebody who asks for th-TH and then en.
    """
    for tag, quality in request.accept_languages:
        name = tag.partition("-")[0].lower()
        if quality and name in LANGUAGES:
            return name
    return None


def language() -> str:
    """The language of this page."""
    return str(get_locale())


def translated(sentence: str) -> str:
    """A sentence of ours in the language of this page."""
    if isinstance(sentence, Message):
        params = {
            name: translated(value) if isinstance(value, Message) else value
            for name, value in sentence.params.items()
        }
        return str(gettext(sentence.template, **params))
    return str(gettext(sentence)) if sentence else ""


def words_of(error: StorefrontError | PaymentError) -> str:
    """What an error says, in the language of this page."""
    if isinstance(error, InvalidForm):
        return " ".join(translated(problem) for problem in error.problems.values())
    return translated(error.message)

"""The language of a page: what the shopper chose, else what their browser asks for.

The admin pages are in English only.
"""

from pathlib import Path

from flask import Blueprint, Flask, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale, gettext

from storefront.payments.i18n import Message
from storefront.settings import LANGUAGES, Settings
from storefront.web.forms import get_text
from storefront.web.redirects import next_path

CATALOGUES = Path(__file__).parent.parent / "locales"

#: The name of each language, in that language.
LANGUAGE_NAMES = {"en": "English", "th": "ไทย", "ja": "日本語"}

bp = Blueprint("language", __name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Set up the translations, and the filter `t`."""

    def select() -> str:
        if "admin" in request.blueprints:
            return "en"
        chosen = session.get("language")
        if chosen in LANGUAGES:
            return str(chosen)
        return browser_language() or settings.store_locale

    Babel(
        app,
        default_locale=settings.store_locale,
        default_translation_directories=str(CATALOGUES),
        locale_selector=select,
    )
    app.template_filter("t")(translate)


@bp.post("/language")
def choose() -> ResponseReturnValue:
    """Set the language of the session."""
    chosen = get_text(request.form, "language")
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(next_path(), 303)


def browser_language() -> str | None:
    """The first language of the browser that the shop has; th-TH asks for Thai.

    Werkzeug's `best_match` would choose English for a browser that asks for th-TH, then en.
    """
    for tag, quality in request.accept_languages:
        name = tag.partition("-")[0].lower()
        if quality and name in LANGUAGES:
            return name
    return None


def language() -> str:
    """The language of this page."""
    return str(get_locale())


def translate(sentence: str) -> str:
    """A sentence in the language of this page."""
    if isinstance(sentence, Message):
        params = {
            name: translate(value) if isinstance(value, Message) else value
            for name, value in sentence.params.items()
        }
        return str(gettext(sentence.template, **params))
    return str(gettext(sentence)) if sentence else ""

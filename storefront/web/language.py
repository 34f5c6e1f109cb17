"""The language of a page: what the shopper chose, else what their browser asks for.

The admin pages are in English only.
"""

from pathlib import Path

from flask import Blueprint, Flask, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale, gettext

from storefront.container import services
from storefront.payments import translations
from storefront.settings import LANGUAGES, Settings
from storefront.web.forms import get_text
from storefront.web.redirects import next_path

#: The catalogues of the shop, then those of the engine.
CATALOGUES = (Path(__file__).parent.parent / "locales", translations.LOCALES)

#: The name of each language, in that language.
LANGUAGE_NAMES = {"en": "English", "th": "ไทย", "ja": "日本語"}

bp = Blueprint("language", __name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Set up the translations, and the filter `t`."""
    Babel(
        app,
        default_locale=settings.store_locale,
        default_translation_directories=";".join(map(str, CATALOGUES)),
        locale_selector=request_language,
    )
    app.template_filter("t")(translate)


@bp.post("/language")
def choose() -> ResponseReturnValue:
    """Set the language of the session."""
    chosen = get_text(request.form, "language")
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(next_path(), 303)


def request_language() -> str:
    """The language for this request: without those that a mail forces, and so without Babel."""
    if "admin" in request.blueprints:
        return "en"
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return browser_language() or services().settings.store_locale


def browser_language() -> str | None:
    """The language of the shop that the browser prefers."""
    return translations.preferred_language(request.accept_languages, LANGUAGES)


def language() -> str:
    """The language of this page."""
    return str(get_locale())


def translate(sentence: str) -> str:
    """A sentence in the language of this page."""
    return translations.translate(sentence, gettext)

"""The translations of the messages, and the language of a browser."""

from collections.abc import Callable, Iterable
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from .i18n import Message

#: The catalogues of the engine.
LOCALES = Path(__file__).parent / "locales"

#: The languages of the engine.
LANGUAGES = frozenset({"en", *(folder.name for folder in LOCALES.glob("??"))})


def translate(sentence: str, gettext: Callable[[str], str]) -> str:
    """A sentence as `gettext` translates it, with its parameters filled in."""
    if not isinstance(sentence, Message):
        return gettext(sentence) if sentence else ""
    params = {
        name: translate(value, gettext) if isinstance(value, Message) else value
        for name, value in sentence.params.items()
    }
    translated = gettext(sentence.template)
    return translated % params if params else translated


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations of the engine into a language; English where there are none."""
    return translation("messages", LOCALES, [language], fallback=True)


def preferred_language(
    accepted: Iterable[tuple[str, float]], supported: Iterable[str]
) -> str | None:
    """The first supported language of a browser; th-TH asks for Thai.

    Werkzeug's `best_match` chooses English for a browser that asks for th-TH, then en.

    Args:
        accepted: pairs of language tag and quality, the best first.
        supported: languages as two letters.
    """
    for tag, quality in accepted:
        name = tag.partition("-")[0].lower()
        if quality and name in supported:
            return name
    return None

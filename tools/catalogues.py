"""`make catalogues`: brings the catalogues of translations up to date with what the shop says.

Sentences are found where `say`, `gettext` and `_` mark them, and in the texts of the products. What
is new stands in the .po files without a translation, and a test asks for it; what nobody says any
more is dropped. The .mo files, which the shop reads, are compiled from them.
"""

import io
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "storefront" / "locales"
LANGUAGES = ("th", "ja")

KEYWORDS: dict[str, None] = {"_": None, "gettext": None, "say": None}
JINJA = {"newstyle_gettext": "true", "silent": "false", "encoding": "utf-8"}

#: What the staff and developers read is English only.
ENGLISH_ONLY = ("templates/admin", "templates/styleguide.html", "storefront/web/admin")

#: The fields of a product that a shopper reads.
TEXTS = ("name", "blurb", "description", "details", "picture_alt")


def main() -> int:
    """Bring all catalogues up to date; say what is not translated yet."""
    is_missing = False
    for language in LANGUAGES:
        catalogue = brought_up_to_date(language)
        po_path(language).parent.mkdir(parents=True, exist_ok=True)
        po_path(language).write_bytes(po_of(catalogue))
        mo_path(language).write_bytes(mo_of(catalogue))
        missing = untranslated(catalogue)
        is_missing = is_missing or bool(missing)
        print(f"{language}: {len(catalogue)} sentences, {len(missing)} without a translation")
        for sentence in missing:
            print(f"  {sentence}")
    return 1 if is_missing else 0


def po_path(language: str) -> Path:
    """Where the translations of a language are written."""
    return LOCALES / language / "LC_MESSAGES" / "messages.po"


def mo_path(language: str) -> Path:
    """Where the shop reads them."""
    return po_path(language).with_suffix(".mo")


def sentences() -> dict[str, list[str]]:
    """What the shop says, and in which files."""
    found: dict[str, list[str]] = {}
    for sentence, file in [*in_code(), *in_products()]:
        places = found.setdefault(sentence, [])
        if file not in places:
            places.append(file)
    return found


def in_code() -> Iterator[tuple[str, str]]:
    """Sentences that are marked in Python and in templates."""
    python = sorted((ROOT / "storefront").rglob("*.py"))
    templates = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
    for path in [*python, *templates]:
        file = path.relative_to(ROOT).as_posix()
        if file.startswith(ENGLISH_ONLY):
            continue
        method, options = ("python", {}) if path.suffix == ".py" else ("jinja2", JINJA)
        with path.open("rb") as source:
            for _, sentence, _, _ in extract(method, source, KEYWORDS, options=options):
                yield str(sentence), file


def in_products() -> Iterator[tuple[str, str]]:
    """The words about the products."""
    path = ROOT / "storefront" / "shop" / "catalogue.toml"
    for product in tomllib.loads(path.read_text("utf-8"))["product"]:
        for name in TEXTS:
            text = product[name]
            for sentence in [text] if isinstance(text, str) else text:
                yield sentence, path.relative_to(ROOT).as_posix()


def kept(language: str) -> Catalog:
    """The catalogue as it is kept."""
    if not po_path(language).exists():
        return Catalog(locale=language)
    with po_path(language).open("rb") as file:
        return read_po(file, locale=language)


def brought_up_to_date(language: str) -> Catalog:
    """The catalogue with every sentence that is said now, and no other."""
    known = kept(language)
    catalogue = Catalog(
        locale=language,
        project="storefront",
        version="1",
        header_comment="# What the shop says; `make catalogues` keeps it up to date.",
        fuzzy=False,
        creation_date=known.creation_date,
        revision_date=known.creation_date,
    )
    catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = ""
    for sentence, files in sorted(sentences().items(), key=lambda item: item[1][0]):
        message = known.get(sentence)
        is_usable = message is not None and not message.fuzzy
        catalogue.add(
            sentence,
            message.string if message is not None and is_usable else "",
            locations=[(file, 0) for file in files],
            flags=message.flags if message is not None else (),
        )
    return catalogue


def po_of(catalogue: Catalog) -> bytes:
    """The catalogue as people edit it."""
    file = io.BytesIO()
    write_po(file, catalogue, width=100, include_lineno=False)
    return file.getvalue()


def mo_of(catalogue: Catalog) -> bytes:
    """The catalogue as programs read it."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """Sentences without a translation, or with one that nobody vouches for."""
    return [str(entry.id) for entry in catalogue if entry.id and (not entry.string or entry.fuzzy)]


if __name__ == "__main__":
    sys.exit(main())

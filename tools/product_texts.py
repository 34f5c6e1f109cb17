"""Babel extractor for the product texts in `storefront/shop/catalogue.toml`."""

import tomllib
from collections.abc import Iterator
from typing import BinaryIO

#: Product fields that shoppers read.
FIELDS = ("name", "blurb", "description", "details", "picture_alt", "detail_alt")


def extract(
    file: BinaryIO, keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield every text in the form that Babel expects; line numbers are not known."""
    for product in tomllib.load(file)["product"]:
        for field in FIELDS:
            text = product[field]
            for sentence in [text] if isinstance(text, str) else text:
                yield 0, "", sentence, []

"""Leaves the indentation of templates out of pages, which are sent uncompressed."""

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

INDENTATION = re.compile(r"\s*\n\s*")


class StripIndentation(Extension):
    """Makes every line break of an HTML template a single one when it is compiled.

    What is put into a template, such as an address of several lines, stays as it is.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template."""
        is_html = (stream.filename or stream.name or "").endswith(".html")
        for token in stream:
            if is_html and token.type == "data":
                yield Token(token.lineno, "data", INDENTATION.sub("\n", token.value))
            else:
                yield token

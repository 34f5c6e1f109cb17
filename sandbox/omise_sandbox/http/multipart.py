"""Parses ``multipart/form-data``, as `curl -F`, Postman and PHP send it (RFC 7578)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from omise_sandbox.rules.errors import ApiError

BOUNDARY = re.compile(r"""boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))""", re.I).search
NAME = re.compile(r"""(?<![\w*])name="([^"]*)\"""").search
FILE_NAME = re.compile(r"""filename="([^"]*)\"""").search


class Part(NamedTuple):
    """One field of the form; a file has a file name."""

    name: str
    content: bytes
    file_name: str | None


def read_parts(body: bytes, content_type: str) -> Iterator[Part]:
    """The fields of the form, in order. Raises 400 when it has no boundary or a field no name."""
    boundary = BOUNDARY(content_type)
    if boundary is None:
        raise ApiError("bad_request", "multipart form without a boundary")
    delimiter = b"--" + (boundary[1] or boundary[2]).encode("latin-1", "replace")
    for chunk in (b"\r\n" + body).split(b"\r\n" + delimiter)[1:]:
        if chunk.startswith(b"--"):
            return
        yield _part(chunk)
    raise ApiError("bad_request", "multipart form without an end")


def _part(chunk: bytes) -> Part:
    head, separator, content = chunk.partition(b"\r\n\r\n")
    headers = head.decode("utf-8", "replace")
    name, file_name = NAME(headers), FILE_NAME(headers)
    if not separator or name is None:
        raise ApiError("bad_request", "multipart field without a name")
    return Part(name[1], content, file_name[1] if file_name else None)

"""Reads a response: no more than a limit of it, and no value that cannot be stored."""

import json
from typing import NoReturn

import requests
import urllib3

from .errors import OmiseRejected, OmiseUnknown
from .objects import Json

#: More than a hundred charges with all that Omise tells of them.
MAX_RESPONSE_BYTES = 8 * 1024 * 1024

#: Integers beyond it fit into no column of a database.
MAX_INTEGER = 2**63 - 1


def read_object(response: requests.Response) -> Json:
    """The object in a streamed response.

    Raises:
        OmiseRejected: the response is an error of Omise.
        OmiseUnknown: it contains no object, or it was cut off, took too long, or is too large.
    """
    status = response.status_code
    if status >= 500 or 300 <= status < 400:
        raise OmiseUnknown(f"HTTP {status}")
    body = _parse(_read(response), status)
    if not isinstance(body, dict) or "object" not in body:
        raise OmiseUnknown(f"HTTP {status} without an object")
    if body["object"] == "error":
        raise OmiseRejected(status, str(body.get("code")), str(body.get("message")))
    return body


def _read(response: requests.Response) -> bytes:
    try:
        # Not decoded: no encoding was asked for, and a few bytes could become very many.
        body: bytes = response.raw.read(MAX_RESPONSE_BYTES + 1, decode_content=False)
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise OmiseUnknown(type(error).__name__) from None
    if len(body) > MAX_RESPONSE_BYTES:
        raise OmiseUnknown("response too large")
    return body


def _parse(body: bytes, status: int) -> object:
    try:
        return _DECODER.decode(body.decode())
    except (ValueError, RecursionError):
        raise OmiseUnknown(f"HTTP {status} without JSON") from None


def _integer(digits: str) -> int:
    number = int(digits)
    if abs(number) > MAX_INTEGER:
        raise ValueError("integer out of range")
    return number


def _reject(constant: str) -> NoReturn:
    raise ValueError(constant)


_DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=_reject)

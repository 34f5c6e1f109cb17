"""A small HTTP client for the commands: JSON calls with a secret key."""

import base64
import json
import os
from argparse import ArgumentParser, Namespace
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from omise_sandbox.storage.worlds import DEFAULT_KEYS

OMISE = "https://api.omise.co"
SANDBOX = "http://127.0.0.1:5001"
TIMEOUT = 30


class CallFailed(Exception):
    """Why a call failed, in one line."""


class Client:
    """Calls the sandbox, or Omise itself, with a secret key."""

    def __init__(self, url: str, secret_key: str) -> None:
        self.url = url.rstrip("/")
        self._opener = build_opener(*([] if url == OMISE else [ProxyHandler({})]))
        credentials = base64.b64encode(f"{secret_key}:".encode()).decode()
        self._headers = {
            "Authorization": f"Basic {credentials}",
            "Content-Type": "application/json",
            "Omise-Version": "2019-05-29",
            "User-Agent": "omise-sandbox",
        }

    def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """The JSON of the response. Raises `CallFailed`."""
        content = None if body is None else json.dumps(body).encode()
        request = Request(  # noqa: S310 - the scheme is checked by `read_client`
            self.url + path, content, self._headers, method=method
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT) as response:
                answer: dict[str, Any] = json.load(response)
                return answer
        except HTTPError as error:
            raise CallFailed(f"{method} {path}: {_message(error)}") from error
        except (URLError, OSError, ValueError) as error:
            raise CallFailed(f"{self.url} does not answer: {error}") from error


def add_options(parser: ArgumentParser) -> None:
    """The options that name an account."""
    parser.add_argument("--url", default=SANDBOX, help="URL of the sandbox (%(default)s)")
    parser.add_argument("--omise", action="store_true", help=f"use {OMISE}, with test keys")
    parser.add_argument(
        "--secret-key",
        metavar="K",
        default=os.environ.get("OMISE_SECRET_KEY"),
        help="secret key (environment variable OMISE_SECRET_KEY, or that of the default world)",
    )


def read_client(options: Namespace) -> Client:
    """The client for the account. Raises `CallFailed` for a live key or a bad URL."""
    url = OMISE if options.omise else options.url
    if not url.startswith(("http://", "https://")):
        raise CallFailed(f"--url {url}: give an http or https URL")
    key = options.secret_key or (None if options.omise else DEFAULT_KEYS.secret)
    if key is None:
        raise CallFailed("--omise needs a secret key: set OMISE_SECRET_KEY, or --secret-key")
    if options.omise and not key.startswith("skey_test_"):
        raise CallFailed("only test keys (skey_test_…) can be used with --omise")
    return Client(url, key)


def _message(error: HTTPError) -> str:
    """The message of an error in Omise's envelope."""
    try:
        answer = json.load(error)
        return f"{error.code} {answer['code']}: {answer['message']}"
    except (ValueError, KeyError, TypeError):
        return f"{error.code} {error.reason}"

"""Reads what callers send: bracketed forms, JSON on any method, queries. Never trusts a byte of it.

Source of what SDKs send: the official clients for Python, Node, PHP, Ruby, Go and Java.
"""

import asyncio
from typing import Any, TypeVar
from urllib.parse import unquote_plus

import orjson
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge
from aiohttp.web_protocol import RequestPayloadError
from aiohttp.web_request import BaseRequest

from omise_sandbox.rules.errors import Refusal

LARGEST_BODY = 1024 * 1024
MOST_FIELDS = 1000
DEEPEST = 8
PATIENCE_SECONDS = 10

Tree = dict[str, Any]
Branch = TypeVar("Branch", Tree, list[Any])


async def read_body(request: BaseRequest) -> bytes:
    """The whole body. Raises `Refusal`: 413 when too large, 408 when it stops half-way, 400."""
    try:
        if request.content.is_eof():
            return _checked(request.content.read_nowait())
        return await _rest_of_body(request)
    except TimeoutError as error:
        raise Refusal("request_timeout") from error
    except HTTPRequestEntityTooLarge as error:
        raise Refusal("payload_too_large") from error
    except RequestPayloadError as error:
        raise Refusal("bad_request", "request body could not be read") from error


async def _rest_of_body(request: BaseRequest) -> bytes:
    """A body that is still on its way, unless it says that it is too large."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise Refusal("payload_too_large")
    await _let_it_come(request)
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await request.read()


def _checked(body: bytes) -> bytes:
    """A compressed body may be larger than it said."""
    if len(body) > LARGEST_BODY:
        raise Refusal("payload_too_large")
    return body


async def _let_it_come(request: BaseRequest) -> None:
    """Answer a caller who asks before sending a large body."""
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def read_params(query: str, body: bytes, content_type: str) -> Tree:
    """Query and body as one tree; the body wins. Raises 400 for what cannot be read."""
    asked = read_form(query) if query else {}
    return {**asked, **_read_body(body, content_type)} if body else asked


def _read_body(body: bytes, content_type: str) -> Tree:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return _read_json(body)
    if kind in ("application/x-www-form-urlencoded", ""):
        return read_form(body.decode("utf-8", "replace"))
    raise Refusal("bad_request", "content type must be application/json or a form")


def _read_json(body: bytes) -> Tree:
    try:
        tree = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refusal("bad_request", "request body is not valid JSON") from error
    if not isinstance(tree, dict):
        raise Refusal("bad_request", "request body must be a JSON object")
    return tree


def without_nulls(tree: Tree) -> Tree:
    """The tree without its nulls: Python and Java send them for what is absent."""
    return {
        name: _level_without_nulls(value) if type(value) is dict else value
        for name, value in tree.items()
        if value is not None
    }


def _level_without_nulls(tree: Tree) -> Tree:
    if None not in tree.values():
        return tree
    return {name: value for name, value in tree.items() if value is not None}


def read_form(text: str) -> Tree:
    """`card[name]=…`, `metadata[a]=…`, `uris[]=…`, `items[][name]=…` as the tree they mean."""
    fields = text.split("&")
    if len(fields) > MOST_FIELDS:
        raise Refusal("bad_request", "the form has too many fields")
    tree: Tree = {}
    for field in filter(None, fields):
        raw_name, _, raw_value = field.partition("=")
        name, value = unquote_plus(raw_name), unquote_plus(raw_value)
        if "[" in name:
            _put(tree, name.replace("]", "").split("["), value)
        else:
            tree[name] = value
    return tree


def _put(node: Tree, names: list[str], value: str) -> None:
    if len(names) > DEEPEST:
        raise Refusal("bad_request", "the form is nested too deeply")
    name, *rest = names
    if not rest:
        node[name] = value
    elif rest[0] == "":
        _append(_child(node, name, list), rest[1:], value)
    else:
        _put(_child(node, name, dict), rest, value)


def _append(items: list[Any], names: list[str], value: str) -> None:
    """A new item begins when the one before already has the name: Rails' reading of forms."""
    if not names:
        items.append(value)
        return
    if not items or not isinstance(items[-1], dict) or names[0] in items[-1]:
        items.append({})
    _put(items[-1], names, value)


def _child(node: Tree, name: str, kind: type[Branch]) -> Branch:
    child = node.setdefault(name, kind())
    if not isinstance(child, kind):
        raise Refusal("bad_request", f"{name} is given twice, in different ways")
    return child

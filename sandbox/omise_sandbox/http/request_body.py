"""Parses requests: bracketed forms, JSON on any method, queries.

Source of the formats: the official clients for Python, Node, PHP, Ruby, Go and Java.
"""

from collections.abc import Sized
from typing import Any, TypeVar
from urllib.parse import unquote_plus

import orjson

from omise_sandbox.http.multipart import read_parts
from omise_sandbox.rules.errors import ApiError

MAX_FIELDS = 1000
MAX_DEPTH = 8

Params = dict[str, Any]
Branch = TypeVar("Branch", Params, list[Any])


def read_params(query: str, body: bytes, content_type: str, *, takes_files: bool = False) -> Params:
    """Query and body as one tree; the body wins. Raises 400 when they cannot be parsed."""
    asked = read_form(query) if query else {}
    return {**asked, **_read_body(body, content_type, takes_files)} if body else asked


def _read_body(body: bytes, content_type: str, takes_files: bool) -> Params:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return _read_json(body)
    if kind in ("application/x-www-form-urlencoded", ""):
        return read_form(body.decode("utf-8", "replace"))
    if kind == "multipart/form-data":
        return _read_multipart(body, content_type, takes_files)
    raise ApiError("bad_request", "content type must be application/json or a form")


def _read_json(body: bytes) -> Params:
    try:
        tree = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ApiError("bad_request", "request body is not valid JSON") from error
    if tree is None:  # omise-node sends it for a call without parameters
        return {}
    if not isinstance(tree, dict):
        raise ApiError("bad_request", "request body must be a JSON object")
    return tree


def without_nulls(tree: Params) -> Params:
    """The parameters without nulls: Python and Java send them for absent ones."""
    return {
        name: _level_without_nulls(value) if type(value) is dict else value
        for name, value in tree.items()
        if value is not None
    }


def _level_without_nulls(tree: Params) -> Params:
    if None not in tree.values():
        return tree
    return {name: value for name, value in tree.items() if value is not None}


def read_form(text: str) -> Params:
    """Parse `card[name]=…`, `metadata[a]=…`, `uris[]=…`, `items[][name]=…` into a tree."""
    fields = text.split("&")
    _check_number(fields)
    tree: Params = {}
    for field in filter(None, fields):
        raw_name, _, raw_value = field.partition("=")
        _add(tree, unquote_plus(raw_name), unquote_plus(raw_value))
    return tree


def _read_multipart(body: bytes, content_type: str, takes_files: bool) -> Params:
    """The fields of a multipart form; a file becomes its name."""
    parts = list(read_parts(body, content_type))
    _check_number(parts)
    tree: Params = {}
    for part in parts:
        if part.file_name is not None and not takes_files:
            raise ApiError("bad_request", f"{part.name} must not be a file")
        _add(tree, part.name, part.file_name or part.content.decode("utf-8", "replace"))
    return tree


def _check_number(fields: Sized) -> None:
    if len(fields) > MAX_FIELDS:
        raise ApiError("bad_request", "the form has too many fields")


def _add(tree: Params, name: str, value: str) -> None:
    if "[" in name:
        _put(tree, name.replace("]", "").split("["), value)
    else:
        tree[name] = value


def _put(node: Params, names: list[str], value: str) -> None:
    if len(names) > MAX_DEPTH:
        raise ApiError("bad_request", "the form is nested too deeply")
    name, *rest = names
    if not rest:
        node[name] = value
    elif rest[0] == "":
        _append(_child(node, name, list), rest[1:], value)
    else:
        _put(_child(node, name, dict), rest, value)


def _append(items: list[Any], names: list[str], value: str) -> None:
    """A new item begins when the previous one already has the name, as in Rails."""
    if not names:
        items.append(value)
        return
    if not items or not isinstance(items[-1], dict) or names[0] in items[-1]:
        items.append({})
    _put(items[-1], names, value)


def _child(node: Params, name: str, kind: type[Branch]) -> Branch:
    child = node.setdefault(name, kind())
    if not isinstance(child, kind):
        raise ApiError("bad_request", f"{name} is given twice, in different ways")
    return child

"""The document itself: one operation for each route, with its parameters, body and responses."""

import re
from collections.abc import Iterable
from typing import Any

from omise_sandbox.fidelity import manifest
from omise_sandbox.openapi.field_types import OF_CALL, TEXT, Schema, field_types, ref
from omise_sandbox.openapi.schemas import object_schemas
from omise_sandbox.resources.routes import API, Route

VERSION = "3.1.0"
#: Scope of a route → the keys that it takes; a control takes none or a secret key.
SECURITY: dict[str, list[dict[str, list[str]]]] = {
    "public_key": [{"publicKey": []}],
    "secret_key": [{"secretKey": []}],
    "any_key": [{"publicKey": []}, {"secretKey": []}],
    "control": [{}, {"secretKey": []}],
}
PAGING = ("limit", "offset", "from", "to", "order")
#: Last words of paths that are the name of the object that the call returns.
RETURNED = ("search", "account", "balance", "capability")
#: An id in a path; its name is that of the object.
ID = re.compile(r"\{(\w+)\}")


def document(controls: Iterable[Route], base_url: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the API and of the controls."""
    known = manifest()
    paths: dict[str, dict[str, Any]] = {}
    for route in [*API, *controls]:
        operation = _operation(route, known)
        paths.setdefault(route.pattern, {})[route.method.lower()] = operation
    return {
        "openapi": VERSION,
        "info": {
            "title": "Omise sandbox",
            "version": "2019-05-29",
            "description": "The calls of Omise that the sandbox supports, and its controls.",
        },
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {
            "schemas": {**object_schemas(known), **_card_params(known)},
            "securitySchemes": {
                name: {"type": "http", "scheme": "basic", "description": f"{kind}_test_… as user"}
                for name, kind in (("publicKey", "pkey"), ("secretKey", "skey"))
            },
        },
    }


def _operation(route: Route, known: dict[str, Any]) -> dict[str, Any]:
    names = known["requests"].get(route.name, "").split()
    returned = returned_schema(route)
    operation: dict[str, Any] = {
        "operationId": operation_id(route),
        "tags": ["sandbox" if route.scope == "control" else route.pattern.split("/")[1]],
        "summary": _summary(route),
        "security": SECURITY[route.scope],
        "parameters": _parameters(route, names, returned),
        "responses": {
            "200": _content("the result", returned),
            "default": _content("an error", ref("error")),
        },
    }
    source = known["endpoints"].get(route.name)
    if source:
        operation["x-source"] = source
    if route.method != "GET" and names:
        operation["requestBody"] = _body(route, names)
    return operation


def operation_id(route: Route) -> str:
    """A name for a client's method, such as `get_charges_charge_refunds`."""
    words = re.findall(r"\w+", route.pattern)
    return "_".join([route.method.lower(), *words]).replace("__", "_")


def returned_schema(route: Route) -> Schema:
    """The schema of a successful response; a control has its own, which is not described."""
    if route.scope == "control":
        return {"type": "object"}
    words = route.pattern.strip("/").split("/")
    if words[-1] in RETURNED:
        return ref(words[-1])
    if named := ID.fullmatch(words[-1]):
        return ref(named[1])
    return _of_collection(route, words)


def _of_collection(route: Route, words: list[str]) -> Schema:
    """A page or a new object of a collection, or the object that an action is done to."""
    name = words[-1].removesuffix("s")
    if words[-1] in ("open", "pending", "closed"):
        return ref("dispute_list")
    if words[-1] == name:
        return ref(words[-2].strip("{}"))
    return ref(f"{name}_list") if route.method == "GET" else ref(name)


def _parameters(route: Route, names: list[str], returned: Schema) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": TEXT}
        for name in ID.findall(route.pattern)
    ]
    if route.method != "GET":
        return in_path
    paging = PAGING if str(returned.get("$ref", "")).endswith("_list") else ()
    asked = [{"name": name, "in": "query", "schema": _type(route, name)} for name in paging]
    own = [{"name": name, "in": "query", "schema": _type(route, name)} for name in names]
    return in_path + asked + own


def _body(route: Route, names: list[str]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {name: _type(route, name) for name in names},
    }
    kinds = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
    return {"content": {kind: {"schema": schema} for kind in kinds}}


def _type(route: Route, name: str) -> Schema:
    if name == "order":
        return {"enum": ["chronological", "reverse_chronological"]}
    return OF_CALL.get(f"{route.name} {name}") or field_types()[name]


def _card_params(known: dict[str, Any]) -> dict[str, Schema]:
    types = field_types() | {"number": TEXT}
    properties = {name: types[name] for name in known["requests"]["POST /tokens card"].split()}
    return {"card_params": {"type": "object", "properties": properties}}


def _content(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _summary(route: Route) -> str:
    """The first line of the handler's docstring, without the call."""
    line = (route.handler.__doc__ or "").strip().partition("\n")[0]
    return re.sub(r"^[A-Z]+ (or [A-Z]+ )?/[^\s.:]*(:\w+[^\s.:]*)*[.:]? ?", "", line) or route.name

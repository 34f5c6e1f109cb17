"""Schemas of all objects, from the fields in the fidelity manifest."""

from typing import Any

from omise_sandbox.openapi.field_types import OF_OBJECT, TEXT, Schema, array, field_types, ref

#: Fields that some responses leave out: in a fresh charge, and in the recorded dialect.
LEFT_OUT = {
    "charge": {
        *("authorization_type", "authorized_amount", "captured_amount"),
        *("missing_3ds_fields", "authenticated_by", "statement_descriptor"),
    }
}
#: Parts of a page, apart from its objects.
PAGE = "list"


def object_schemas(manifest: dict[str, Any]) -> dict[str, Schema]:
    """The schema of each object of the manifest, and of a page of each."""
    objects = {name: _object(name, list(fields)) for name, fields in manifest["objects"].items()}
    pages = {
        f"{name}_list": {"allOf": [ref(PAGE)], "properties": {"data": array(ref(name))}}
        for name in objects
        if name not in (PAGE, "error")
    }
    return objects | pages


def _object(name: str, fields: list[str]) -> Schema:
    types = field_types()
    properties = {field: OF_OBJECT.get(f"{name}.{field}") or types[field] for field in fields}
    properties["object"] = {"const": name} if "object" in fields else TEXT
    required = [field for field in fields if field not in LEFT_OUT.get(name, ())]
    return {"type": "object", "properties": properties, "required": required}

"""The OpenAPI document describes what the sandbox does, and only that."""

import ast
from pathlib import Path

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from schemathesis import checks
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)

import omise_sandbox
from omise_sandbox.fidelity import manifest
from omise_sandbox.http import controls
from omise_sandbox.openapi.document import document
from omise_sandbox.openapi.field_types import BY_TYPE, OF_CALL, OF_OBJECT
from omise_sandbox.resources.routes import API
from omise_sandbox.testing import World

PACKAGE = Path(omise_sandbox.__file__).parent
CONTROLS = controls.routes(None, None)[:-1]
DOCUMENT = document(CONTROLS, "http://127.0.0.1:5001")
REQUESTS = manifest()["requests"]
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
#: Read from other places than the parameters of a call.
NOT_A_PARAMETER = {"name", "fixed", "amount", "percentage", "image_type", "key"}


def test_document_is_valid_and_served(sandbox_url):
    served = requests.get(f"{sandbox_url}/_sandbox/openapi.json", timeout=5).json()

    validate(served)
    assert served["servers"] == [{"url": sandbox_url}]
    assert served["paths"].keys() == DOCUMENT["paths"].keys()


def test_every_route_is_described_once():
    assert OPERATIONS.keys() == {route.name for route in [*API, *CONTROLS]}
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)


def test_tables_of_types_name_what_exists_once():
    known = manifest()
    fields = {field for names in known["objects"].values() for field in names}
    params = {name for names in REQUESTS.values() for name in names.split()}
    listed = [name for _, names in BY_TYPE for name in names.split()]

    assert len(set(listed)) == len(listed)
    assert set(listed) <= fields | params | {"limit", "offset", "from", "to", "order"}
    assert {call.rpartition(" ")[0] for call in OF_CALL} <= REQUESTS.keys()
    assert all(
        field in known["objects"][name] for name, field in (key.split(".") for key in OF_OBJECT)
    )


def params_read(path):
    """The names of parameters that a module reads."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="param_types"), attr=reader),
                args=[_, ast.Constant(value=str(name)), *_],
            ) if reader != "reject":
                yield name
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="params"), attr="get"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name


def test_every_parameter_that_is_read_is_described():
    modules = [*PACKAGE.glob("resources/*.py"), *PACKAGE.glob("http/controls/*.py")]
    described = {name for names in REQUESTS.values() for name in names.split()}

    read = {name for path in modules for name in params_read(path)}

    assert read - NOT_A_PARAMETER <= described
    assert len(read) > 40
    assert REQUESTS.keys() - {"POST /tokens card"} <= OPERATIONS.keys()


def matches(body):
    """Validate a response, and the objects in it, by their schemas."""
    name = body["object"]
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    OAS31Validator(schema).validate(body)
    nested = body["data"] if name in ("list", "search") else body.values()
    for value in nested if isinstance(nested, list) else [*nested]:
        if isinstance(value, dict) and value.get("object") in manifest()["objects"]:
            matches(value)
    return name


@pytest.mark.parametrize("dialect", ["documented", "recorded"])
def test_responses_match_their_schemas(merchant, dialect):
    paid = merchant.charge(metadata={"order": 1})
    merchant.charge("4111111111140011")
    merchant.charge("4000000000003063", return_uri="http://shop.example/")
    merchant.charge(capture=False)
    merchant.customer("4242424242424242")
    disputed = merchant.api.post(f"/charges/{merchant.charge()['id']}/disputes").json()
    merchant.api.patch(f"/disputes/{disputed['id']}", message="Delivered")
    merchant.api.post(f"/charges/{paid['id']}/refunds", amount=100)
    merchant.api.post(
        "/charges",
        amount=300000,
        currency="thb",
        source={"type": "installment_bay", "installment_term": 4},
        return_uri="http://shop.example/",
    )
    merchant.token()

    lists = ("charges", "customers", "disputes", "refunds", "events", "transactions")
    singles = ("account", "balance", "capability", "search?scope=charge", "charges/chrg_test_1")
    seen = {matches(merchant.api.get(f"/{path}").json()) for path in (*lists, *singles)}
    for kind in ("token", "source", "charge"):
        page = merchant.control("GET", f"objects?kind={kind}")
        seen |= {matches(shape) for shape in page["data"]}

    assert seen >= {"list", "account", "balance", "capability", "search", "error", "token"}


READING = schemathesis.openapi.from_dict(DOCUMENT).include(method="GET").exclude(tag="sandbox")
OPERATIONS_THAT_READ = [
    result.ok() for result in READING.get_all_operations() if isinstance(result, Ok)
]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(case=st.one_of([operation.as_strategy() for operation in OPERATIONS_THAT_READ]))
def test_fuzzed_reading_keeps_to_the_document(fuzzed_merchant, case):
    key = fuzzed_merchant[case.path.startswith(("/tokens", "/sources", "/capability"))]

    case.call_and_validate(
        base_url=fuzzed_merchant[2],
        auth=(key, ""),
        checks=[
            checks.not_a_server_error,
            response_schema_conformance,
            content_type_conformance,
        ],
    )


@pytest.fixture(scope="module")
def fuzzed_merchant(sandbox_url):
    """Secret key, public key and URL of a world of its own."""
    world = World.new(sandbox_url)
    world.api("POST", "/customers", {"card": world.token()})
    charge = {"amount": 2000, "currency": "thb", "card": world.token()}
    world.api("POST", "/charges", charge)
    return world.secret_key, world.public_key, world.url

"""The fidelity manifest lists everything that the sandbox has, and nothing else."""

from pathlib import Path

import pytest
import requests

from omise_sandbox import fidelity
from omise_sandbox.resources.routes import API, UNSUPPORTED_PATHS
from omise_sandbox.rules import unsupported
from omise_sandbox.rules.cards import BEHAVIOURS
from omise_sandbox.rules.charge_states import CHARGE_STATES, FAILURES
from omise_sandbox.rules.dialects import DIFFERENCES
from omise_sandbox.rules.errors import CODES
from omise_sandbox.rules.source_types import SOURCE_TYPES
from omise_sandbox.simulation.faults import EVENTS
from tests.sandbox.recordings import RECORDED, recording

ROOT = Path(__file__).parents[2]
MANIFEST = fidelity.manifest()

#: Part of the manifest → all that there is of the kind in the code.
IN_THE_CODE = {
    "endpoints": {f"{route.method} {route.pattern}" for route in API},
    "codes": set(CODES),
    "cards": set(BEHAVIOURS),
    "dialects": set(DIFFERENCES),
    "source_types": set(SOURCE_TYPES),
    "events": set(EVENTS),
    "charge_states": set(CHARGE_STATES),
    "failures": set(FAILURES),
    "not_imitated": set(UNSUPPORTED_PATHS),
}


@pytest.mark.parametrize("kind", sorted(IN_THE_CODE))
def test_manifest_lists_exactly_what_exists(kind):
    assert set(MANIFEST[kind]) == IN_THE_CODE[kind]


def test_manifest_lists_every_unsupported_parameter():
    conditional = {"POST /charges": {"authentication", "zero_interest_installments"}}

    listed = {call: set(names) for call, names in MANIFEST["parameters"].items()}
    assert listed == unsupported.UNSUPPORTED_PARAMS | conditional
    ignored = {call: set(names) for call, names in MANIFEST["ignored_parameters"].items()}
    assert ignored == unsupported.IGNORED_PARAMS
    assert MANIFEST["parameters"].keys() <= MANIFEST["endpoints"].keys()


def every_source():
    """Every source in the manifest."""
    for kind in ("endpoints", "codes", "cards", "source_types", "events", "rules"):
        yield from MANIFEST[kind].values()
    for kind in ("charge_states", "failures"):
        yield from MANIFEST[kind].values()
    for fields in MANIFEST["objects"].values():
        yield from fields.values()
    for calls in (MANIFEST["parameters"], MANIFEST["ignored_parameters"]):
        for names in calls.values():
            yield from names.values()
    for pair in MANIFEST["dialects"].values():
        yield from pair


def test_every_source_has_a_known_kind_and_a_place():
    for source in every_source():
        kind, _, where = source.partition(": ")
        assert kind in MANIFEST["sources"], source
        assert where, source


def objects_of(merchant):
    """One object of each kind."""
    merchant.control("POST", "settings", {"webhook_url": "http://127.0.0.1:9/"})
    held = merchant.charge(capture=False, authorization_type="pre_auth")
    paid = merchant.charge()
    refund = merchant.api.post(f"/charges/{paid['id']}/refunds", amount=100).json()
    customer = merchant.customer("4242424242424242")
    source = merchant.api.post("/sources", type="promptpay", amount=100000, currency="thb").json()
    event = merchant.api.get("/events", limit=1).json()["data"][0]
    dispute = merchant.api.post(f"/charges/{merchant.charge()['id']}/disputes").json()
    documents = f"/disputes/{dispute['id']}/documents"
    return {
        "dispute": dispute,
        "document": merchant.api.post(documents, file="a.txt").json(),
        "token": merchant.token(),
        "card": customer["cards"]["data"][0],
        "customer": customer,
        "charge": paid | held,
        "refund": refund,
        "source": source,
        "event": event,
        "webhook_delivery": dict.fromkeys(
            ["object", "id", "uri", "status", "key", "error", "payload", "created_at"]
        ),
        "account": merchant.api.get("/account").json(),
        "balance": merchant.api.get("/balance").json(),
        "capability": merchant.api.get("/capability").json(),
        "search": merchant.api.get("/search", scope="charge").json(),
        "transaction": merchant.api.get("/transactions").json()["data"][0],
        "list": merchant.api.get("/charges").json(),
        "error": merchant.api.get("/charges/nothing").json(),
    }


def test_every_field_has_a_source(merchant):
    made = objects_of(merchant)

    assert {name: list(fields) for name, fields in MANIFEST["objects"].items()} == {
        name: list(made[name]) for name in MANIFEST["objects"]
    }
    assert made.keys() == MANIFEST["objects"].keys()


@pytest.mark.parametrize("name", sorted(MANIFEST["objects"]))
def test_named_recording_has_the_fields(name):
    for field, source in MANIFEST["objects"][name].items():
        kind, _, where = source.partition(": ")
        if kind == "recording" and (RECORDED / f"{where}.json").exists():
            recorded = recording(where)
            inner = recorded["cards"] if name == "list" else recorded
            assert field in inner


def test_fidelity_page_is_generated_from_the_manifest():
    assert (ROOT / "docs" / "fidelity.md").read_text(encoding="utf-8") == fidelity.render()


def test_manifest_is_served(merchant):
    served = requests.get(f"{merchant.url}/_sandbox/fidelity", timeout=5).json()

    assert served == MANIFEST
    assert served["objects"]["charge"]["failure_code"] == "recording: charge-captured"


@pytest.mark.parametrize("path", sorted(UNSUPPORTED_PATHS))
def test_unsupported_path_answers_501(merchant, path):
    answer = merchant.api.get(path.replace("{", "").replace("}", ""))

    assert (answer.status_code, answer.json()["code"]) == (501, "not_imitated")

"""The Omise client by itself: what it loads, and how its connections are set up."""

import subprocess
import sys

import pytest
import requests

from storefront.payments.omise import OmiseClient


def client(world, **options):
    keys = {"public_key": world.public_key, "secret_key": world.secret_key}
    return OmiseClient(**keys, api_url=world.url, vault_url=world.url, **options)


def test_client_loads_nothing_but_itself_and_requests():
    code = "import sys, storefront.payments.omise; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout

    modules = set(loaded.split())
    assert not modules & {"flask", "sqlalchemy", "structlog", "babel"}
    ours = {name for name in modules if name.startswith("storefront")}
    outside = {name for name in ours if not name.startswith("storefront.payments.omise")}
    assert outside == {"storefront", "storefront.payments"}


def test_three_arguments_create_a_charge(world):
    charge = client(world).create_charge(amount=10000, currency="THB", card=world.token())

    assert (charge.paid, charge.amount) == (True, 10000)


def test_source_is_given_as_an_id_or_as_an_object(world):
    source = world.api(
        "POST", "/sources", {"type": "promptpay", "amount": 10000, "currency": "THB"}
    )

    by_id = client(world).create_charge(amount=10000, currency="THB", source=source["id"])
    by_object = client(world).create_charge(
        amount=10000, currency="THB", source={"type": "promptpay"}
    )

    assert by_id.qr_uri
    assert by_object.qr_uri


def test_any_endpoint_can_be_requested(world):
    created = client(world).request("POST", "/customers", {"email": "nok@example.com"})

    found = client(world).request("GET", f"/customers/{created['id']}")

    assert found["email"] == "nok@example.com"


def test_charge_has_every_field_that_omise_sent(world):
    charge = client(world).create_charge(
        amount=10000, currency="THB", card=world.token(), description="A field without a name here"
    )

    assert charge.raw["description"] == "A field without a name here"
    assert "A field" not in repr(charge)


def test_session_and_user_agent_are_those_of_the_host(world):
    session = requests.Session()

    client(world, session=session, user_agent="a-host/1.0").capability()

    assert session.headers["User-Agent"] == "a-host/1.0"


@pytest.mark.parametrize(
    ("url", "trusts"), [("https://api.omise.co", True), ("http://127.0.0.1:5001", False)]
)
def test_proxies_of_the_environment_count_but_not_for_this_machine(url, trusts):
    session = requests.Session()

    OmiseClient(
        public_key="pkey_test_1",
        secret_key="skey_test_1",
        api_url=url,
        vault_url=url,
        session=session,
    )

    assert session.trust_env is trusts

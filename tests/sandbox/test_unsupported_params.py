"""A documented parameter that the sandbox does not support is rejected, never ignored."""

from pathlib import Path

import pytest

from omise_sandbox import resources
from omise_sandbox.rules import card_checks, param_types
from omise_sandbox.rules.unsupported import IGNORED_PARAMS, UNSUPPORTED_PARAMS
from tests.sandbox.conftest import error_of

READERS = "".join(
    file.read_text(encoding="utf-8")
    for file in [
        *(Path(resources.__file__).parent).glob("*.py"),
        Path(param_types.__file__),
        Path(card_checks.__file__),
    ]
)
PAGING = "limit offset order from to"
ADDRESS = "street1 street2 city state postal_code country phone_number"
#: Call → its parameters by docs.omise.co, the provider's schema and the official clients.
DOCUMENTED = {
    "POST /tokens": f"card tokenization method data name number expiration_month expiration_year"
    f" security_code email {ADDRESS}",
    "POST /sources": "type amount currency platform_type email name phone_number mobile_number bank"
    " barcode installment_term zero_interest_installments store_id store_name terminal_id ip"
    " promotion_code supplier_id qr_settings image_type billing shipping items",
    "POST /charges": "amount currency card customer source capture return_uri description metadata"
    " ip expires_at authorization_type platform_fee zero_interest_installments webhook_endpoints"
    " transaction_indicator recurring_reason first_charge linked_account statement_descriptor"
    " authentication reference",
    "PATCH /charges/{charge}": "description metadata",
    "POST /charges/{charge}/capture": "capture_amount",
    "POST /charges/{charge}/refunds": "amount metadata void",
    "POST /customers": "email description metadata card linked_account",
    "PATCH /customers/{customer}": "email description metadata card default_card",
    "PATCH /customers/{customer}/cards/{card}": "name expiration_month expiration_year postal_code"
    " city",
    "PATCH /account": "chain_enabled chain_return_uri metadata_export_keys webhook_uri"
    " zero_interest_installments",
    "GET /charges": PAGING,
    "GET /search": "scope query filters page per_page order",
}
ROWS = [(call, name) for call, names in UNSUPPORTED_PARAMS.items() for name in sorted(names)]
#: Valid calls, to which a parameter of the table is added.
GOOD = {
    "POST /charges": {"amount": 100000, "currency": "thb"},
    "POST /customers": {},
    "POST /sources": {"type": "promptpay", "amount": 100000, "currency": "thb"},
    "GET /search": {"scope": "charge"},
}


def ask(merchant, call, more):
    """The response to a valid call with additional parameters."""
    method, path = call.split()
    body = GOOD.get(call, {}) | more
    if call == "POST /charges" and "source" not in more:
        body["card"] = merchant.token()["id"]
    if "{charge}" in path:
        path = path.replace("{charge}", merchant.charge()["id"])
    return merchant.api.get(path, **body) if method == "GET" else merchant.api(method, path, body)


def known(call):
    """The parameters of the call that are rejected or ignored."""
    return UNSUPPORTED_PARAMS.get(call, frozenset()) | IGNORED_PARAMS.get(call, frozenset())


@pytest.mark.parametrize("call", DOCUMENTED)
def test_documented_parameter_is_read_or_rejected(call):
    for name in DOCUMENTED[call].split():
        assert f'"{name}"' in READERS or name in known(call), name


@pytest.mark.parametrize(("call", "name"), ROWS)
def test_unsupported_parameter_is_rejected_by_name(merchant, call, name):
    answer = ask(merchant, call, {name: "true"})

    assert error_of(answer) == (501, "not_imitated")
    assert answer.json()["message"] == f"{name} is not supported at {call}"


@pytest.mark.parametrize(("call", "name"), ROWS)
def test_blank_unsupported_parameter_is_ignored(merchant, call, name):
    assert ask(merchant, call, {name: ""}).status_code == 200
    assert ask(merchant, call, {name: None}).status_code == 200


@pytest.mark.parametrize("call", sorted(UNSUPPORTED_PARAMS))
def test_unknown_parameter_is_ignored(merchant, call):
    assert ask(merchant, call, {"colour": "blue"}).status_code == 200


def test_rejected_charge_stores_nothing(merchant):
    token = merchant.token()["id"]
    charge = {"amount": 100000, "currency": "thb", "card": token}

    refused = merchant.api.post("/charges", **charge, authentication="PASSKEY")

    assert refused.status_code == 501
    assert merchant.events() == []
    assert merchant.api.post("/charges", **charge).json()["status"] == "successful"


def test_inline_source_rejects_unsupported_parameters(merchant):
    source = {"type": "promptpay", "supplier_id": "1"}

    answer = ask(merchant, "POST /charges", {"source": source})

    assert error_of(answer) == (501, "not_imitated")


INSTALLMENTS = {"type": "installment_kbank", "installment_term": 6}


@pytest.mark.parametrize(("own", "asked", "status"), [(True, True, 200), (True, False, 501)])
def test_interest_of_a_charge_must_equal_that_of_its_source(merchant, own, asked, status):
    money = {"amount": 500000, "currency": "thb"}
    source = merchant.api.post(
        "/sources", **INSTALLMENTS, **money, zero_interest_installments=own
    ).json()

    answer = merchant.api.post(
        "/charges",
        **money,
        source=source["id"],
        return_uri="http://shop.test/",
        zero_interest_installments=asked,
    )

    assert answer.status_code == status


def test_card_charge_rejects_zero_interest(merchant):
    refused = ask(merchant, "POST /charges", {"zero_interest_installments": True})
    taken = ask(merchant, "POST /charges", {"zero_interest_installments": "false"})

    assert (refused.status_code, taken.status_code) == (501, 200)

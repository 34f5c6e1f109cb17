"""Sources: every payment method other than cards, from creation to the end of its charge."""

from typing import Any

import pytest
import requests

from omise_sandbox import testing
from omise_sandbox.testing.world import World
from tests.sandbox.recordings import assert_same_shape, recording

BACK = "http://shop.test/back"
AMOUNT = 300_000
LENDERS = ("bay", "bbl", "first_choice", "kbank", "ktc", "scb", "ttb", "uob")
MOBILE_BANKS = ("bay", "bbl", "kbank", "ktb", "scb")
MONTHS = {"installment_term": 10}
ALIPAY_PLUS = ("alipay_cn", "alipay_hk", "dana", "gcash", "kakaopay", "touch_n_go")

#: Types of docs.omise.co/sources-api → flow, and what they need besides type, amount and currency.
THAI = {
    "promptpay": ("offline", {}),
    "internet_banking_bay": ("redirect", {}),
    "internet_banking_bbl": ("redirect", {}),
    **{f"mobile_banking_{bank}": ("app_redirect", {}) for bank in MOBILE_BANKS},
    "truemoney": ("redirect", {}),
    "truemoney_jumpapp": ("app_redirect", {}),
    "truemoney_qr": ("offline", {}),
    "rabbit_linepay": ("redirect", {}),
    "shopeepay": ("redirect", {}),
    "shopeepay_jumpapp": ("app_redirect", {}),
    "wechat_pay": ("app_redirect", {}),
    "wechat_pay_mpm": ("offline", {}),
    "wechat_pay_upm": ("offline", {"barcode": "1234567890"}),
    "alipay": ("redirect", {}),
    **{name: ("app_redirect", {"platform_type": "IOS"}) for name in ALIPAY_PLUS},
    "alipayplus_mpm": ("offline", {}),
    "alipayplus_upm": ("offline", {"barcode": "1234567890"}),
    **{f"installment_{lender}": ("redirect", MONTHS) for lender in LENDERS if lender != "kbank"},
    "installment_kbank": ("redirect", {"installment_term": 6}),
    **{f"installment_wlb_{lender}": ("redirect", MONTHS) for lender in LENDERS},
    "barcode_alipay": ("offline", {"barcode": "1234567890"}),
    "barcode_wechat": ("offline", {"barcode": "1234567890"}),
    "bill_payment_tesco_lotus": ("offline", {}),
    "atome": ("redirect", {}),
    "atome_qr": ("offline", {}),
    "points_citi": ("redirect", {}),
    "grabpay": ("redirect", {}),
    "qr_code_upi": ("offline", {}),
}
SHOPPER = {"name": "YAMADA", "email": "yamada@example.com", "phone_number": "09012345678"}
ABROAD = {
    ("SG", "paynow"): ("offline", {}),
    ("SG", "grabpay"): ("redirect", {}),
    ("SG", "mobile_banking_ocbc"): ("app_redirect", {}),
    ("JP", "econtext"): ("offline", SHOPPER),
    ("JP", "paypay"): ("redirect", {}),
    ("MY", "fpx"): ("redirect", {"bank": "cimb"}),
    ("MY", "duitnow_qr"): ("offline", {}),
    ("MY", "duitnow_obw"): ("redirect", {"bank": "cimb"}),
    ("MY", "maybank_qr"): ("offline", {}),
    ("MY", "boost"): ("redirect", {}),
    ("MY", "touch_n_go"): ("app_redirect", {"platform_type": "ANDROID"}),
    ("MY", "installment_mbb"): ("redirect", {"installment_term": 6}),
}
TYPES: Any = {("TH", name): row for name, row in THAI.items()} | ABROAD
CURRENCY = {"TH": "THB", "JP": "JPY", "SG": "SGD", "MY": "MYR"}


@pytest.fixture
def abroad(world):
    """Move the account to another country."""

    def move(country):
        world.control("POST", "settings", {"country": country})
        return CURRENCY[country]

    return move


def source(world, type_="promptpay", **more):
    """A new source of the Thai account."""
    wish = {"type": type_, "amount": AMOUNT, "currency": "THB"} | more
    return world.api("POST", "/sources", wish)


def charge_of(world, source_id, amount=AMOUNT, currency="THB", **more):
    """The source, charged."""
    wish = {"amount": amount, "currency": currency, "source": source_id, "return_uri": BACK}
    return world.api("POST", "/charges", wish | more)


def keys_of_events(world, charge):
    """The events of the charge, in order."""
    return [event["key"] for event in world.api("GET", f"/charges/{charge['id']}/events")["data"]]


def test_new_source_has_the_recorded_shape(world):
    recorded = recording("source-new")

    ours = source(world, "alipay_cn", amount=100_000, platform_type="IOS")

    assert_same_shape(ours, recorded)
    assert {name for name, value in ours.items() if value != recorded[name]} <= {
        *("id", "location", "created_at", "ip")
    }


def test_expired_source_charge_has_the_recorded_shape(world):
    world.control("POST", "settings", {"dialect": "recorded"})
    recorded = recording("charge-source-expired")
    pending = charge_of(world, source(world, "alipay_cn", platform_type="IOS")["id"])

    ours = world.api("POST", f"/charges/{pending['id']}/expire")

    assert_same_shape(ours, recorded)
    assert ours["source"]["charge_status"] == "expired"
    assert ours["transaction_fees"] == recorded["transaction_fees"]


@pytest.mark.parametrize(("country", "type_"), TYPES)
def test_every_type_is_created_charged_and_paid(world, abroad, country, type_):
    flow, needed = TYPES[country, type_]
    currency = abroad(country)
    amount = 30_000 if type_ == "econtext" else AMOUNT
    made = source(world, type_, amount=amount, currency=currency, **needed)
    card = {"card": world.token()} if "_wlb_" in type_ else {}

    pending = charge_of(world, made["id"], amount, currency, **card)
    paid = world.api("POST", f"/charges/{pending['id']}/mark_as_paid")

    assert (made["flow"], made["charge_status"]) == (flow, "unknown")
    assert (pending["status"], pending["authorized"], pending["paid"]) == ("pending", False, False)
    assert (pending["authorize_uri"] is None) == (flow == "offline")
    assert (paid["status"], paid["paid"]) == ("successful", True)
    assert paid["source"]["charge_status"] == "successful"
    assert keys_of_events(world, paid) == ["charge.create", "charge.complete"]


@pytest.mark.parametrize("country", CURRENCY)
def test_capability_lists_exactly_the_accepted_types(world, abroad, country):
    abroad(country)

    methods = {each["name"] for each in world.api("GET", "/capability")["payment_methods"]}

    listed = {name for place, name in TYPES if place == country}
    assert listed <= methods
    assert country != "TH" or methods == listed | {"card"}


def test_public_key_can_create_and_read_a_source(world):
    key, wish = (world.public_key, ""), {"type": "promptpay", "amount": AMOUNT, "currency": "thb"}

    made = requests.post(f"{world.url}/sources/", json=wish, auth=key, timeout=5)
    read = requests.get(f"{world.url}/sources/{made.json()['id']}", auth=key, timeout=5)

    assert (made.status_code, read.json()) == (200, made.json())
    assert made.headers["Access-Control-Allow-Origin"] == "*"


def test_inline_source_inherits_amount_and_currency(world):
    answer = requests.post(
        f"{world.url}/charges",
        data={"amount": AMOUNT, "currency": "thb", "source[type]": "promptpay"},
        auth=(world.secret_key, ""),
        timeout=5,
    ).json()

    inline = answer["source"]

    assert (inline["amount"], inline["currency"], inline["type"]) == (AMOUNT, "THB", "promptpay")
    assert world.api("GET", inline["location"])["charge_status"] == "pending"


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"type_": "gold"}, "type is currently not supported"),
        ({"type_": "paypay"}, "type is currently not supported"),
        ({"currency": "XXX"}, "currency is currently not supported"),
        ({"currency": "JPY"}, "currency must be THB"),
        ({"amount": "many"}, "amount is not a number"),
        ({"amount": 1999}, "amount must be greater than or equal to 2000"),
        ({"amount": 15_000_001}, "amount must be less than or equal to 15000000"),
        (
            {"type_": "installment_kbank", "amount": 5000, "installment_term": 6},
            "amount must be greater than or equal to 200000",
        ),
        (
            {"type_": "gold", "currency": "XXX", "amount": ""},
            "type is currently not supported, currency is currently not supported,"
            " and amount is not a number",
        ),
        (
            {"type_": "installment_kbank", "installment_term": 7},
            "installment_term is currently not supported",
        ),
        ({"type_": "gcash"}, "platform_type cannot be blank"),
        ({"type_": "barcode_alipay"}, "barcode cannot be blank"),
    ],
)
def test_invalid_source_is_rejected_with_its_problems(world, wish, message):
    answer = source(world, **wish)

    assert (answer["object"], answer["code"], answer["message"]) == (
        "error",
        "bad_request",
        message,
    )


def test_konbini_problems_are_joined_as_recorded(world, abroad):
    abroad("JP")
    bad = {"name": "", "email": "unknown", "phone_number": "1"}

    nothing_good = source(world, "econtext", amount=1000, currency="JPY", **bad)
    long_name = source(
        world, "econtext", amount=50_000, currency="JPY", **SHOPPER | {"name": "N" * 11}
    )

    assert nothing_good["message"] == (
        "name cannot be blank, email is in invalid format,"
        " and phone_number must contain 10-11 digit characters"
    )
    assert long_name["message"] == (
        "amount must be less than 50000 and name is too long (maximum is 10 characters)"
    )


def test_source_is_charged_once(world):
    made = source(world)
    charge_of(world, made["id"])

    again = charge_of(world, made["id"])

    assert (again["code"], again["message"]) == ("invalid_charge", "source was already used")
    assert len(world.charges()) == 1


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"amount": 5000}, "invalid_charge"),
        ({"source": "src_test_none"}, "not_found"),
        ({"customer": "cust_test_none"}, "invalid_charge"),
        ({"return_uri": None}, "invalid_charge"),
    ],
)
def test_charge_that_does_not_match_its_source_is_rejected(world, wish, code):
    made = source(world, "truemoney")

    answer = world.api(
        "POST",
        "/charges",
        {"amount": AMOUNT, "currency": "THB", "source": made["id"], "return_uri": BACK} | wish,
    )

    assert answer["code"] == code
    assert world.api("GET", f"/sources/{made['id']}")["charge_status"] == "unknown"


def test_direct_debit_answers_501(world):
    assert source(world, "direct_debit_bay")["code"] == "not_imitated"


@pytest.mark.parametrize(
    ("choice", "status", "failure"),
    [
        ("approve", "successful", None),
        ("decline", "failed", "payment_rejected"),
        ("cancel", "failed", "payment_cancelled"),
    ],
)
def test_shopper_decides_on_the_wallet_page(world, choice, status, failure):
    charge = charge_of(world, source(world, "truemoney")["id"])
    page = requests.get(charge["authorize_uri"], timeout=5).text

    back = world.at_the_bank(charge["authorize_uri"], choice)

    assert "<h1>TrueMoney Wallet</h1>" in page
    assert ">THB 3,000.00<" in page
    assert back == BACK
    settled = world.api("GET", charge["location"])
    assert (settled["status"], settled["failure_code"]) == (status, failure)
    assert settled["source"]["charge_status"] == status


def test_settled_wallet_page_has_no_buttons(world):
    charge = charge_of(world, source(world, "truemoney")["id"])
    world.at_the_bank(charge["authorize_uri"], "decline")

    world.at_the_bank(charge["authorize_uri"], "approve")

    page = requests.get(charge["authorize_uri"], timeout=5).text
    assert "This payment was not approved." in page
    assert "<button" not in page
    assert keys_of_events(world, charge) == ["charge.create", "charge.complete"]


def test_white_label_installment_needs_a_card(world):
    made = source(world, "installment_wlb_bay", installment_term=3)

    assert charge_of(world, made["id"])["code"] == "missing_card"

    charge = charge_of(world, made["id"], card=world.token("4111111111140011"))
    world.at_the_bank(charge["authorize_uri"], "approve")
    assert world.api("GET", charge["location"])["failure_code"] == "insufficient_fund"


@pytest.mark.parametrize(("type_", "seconds"), [("promptpay", 7 * 86_400), ("truemoney", 86_400)])
def test_unpaid_source_charge_expires(world, type_, seconds):
    world.control("POST", "clock", {"frozen": True})
    charge = charge_of(world, source(world, type_)["id"])

    world.advance(seconds - 1)
    before = world.api("GET", charge["location"])
    world.advance(1)
    after = world.api("GET", charge["location"])

    assert before["status"] == "pending"
    assert (after["status"], after["expired_at"]) == ("expired", charge["expires_at"])
    assert after["source"]["charge_status"] == "expired"
    assert keys_of_events(world, charge) == ["charge.create", "charge.expire"]


def test_expires_at_shortens_the_lifetime(world):
    world.control("POST", "clock", {"frozen": True})
    soon = world.api("GET", "/balance")["created_at"][:4]
    charge = charge_of(world, source(world)["id"], expires_at=f"{int(soon) + 1}-01-01T00:00:00Z")

    assert charge["expires_at"] == f"{int(soon) + 1}-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("country", "type_", "fees"),
    [
        ("TH", "promptpay", ("1.65", "7.0", 4950, 347)),
        ("TH", "truemoney", ("3.65", "7.0", 10950, 767)),
        ("TH", "wechat_pay", ("0.0", "7.0", 0, 0)),
        ("SG", "paynow", ("1.0", "0.0", 3000, 0)),
    ],
)
def test_fees_depend_on_the_type(world, abroad, country, type_, fees):
    currency = abroad(country)
    made = source(world, type_, currency=currency)

    charge = charge_of(world, made["id"], currency=currency)

    rates = charge["transaction_fees"]
    assert (rates["fee_rate"], rates["vat_rate"], charge["fee"], charge["fee_vat"]) == fees
    assert charge["net"] == AMOUNT - charge["fee"] - charge["fee_vat"]


def test_wechat_pay_cannot_be_refunded(world):
    charge = charge_of(world, source(world, "wechat_pay")["id"])

    paid = world.api("POST", f"/charges/{charge['id']}/mark_as_paid")
    refused = world.api("POST", f"/charges/{charge['id']}/refunds", {"amount": AMOUNT})

    flags = ("refundable", "partially_refundable", "disputable", "can_perform_void", "reversible")
    assert [paid[flag] for flag in flags] == [False] * 5
    assert paid["transaction"].startswith("trxn_test_")
    assert refused["code"] == "failed_refund"


def test_bill_payment_has_references(world):
    charge = charge_of(world, source(world, "bill_payment_tesco_lotus")["id"])

    references = charge["source"]["references"]

    assert references["expires_at"] == charge["expires_at"]
    assert len(references["reference_number_1"]) == 18
    assert requests.get(references["barcode"], timeout=5).headers["Content-Type"] == "image/png"


def test_sources_survive_a_kill(tmp_path):
    process, url = testing.start("--db", str(tmp_path / "sandbox.db"))
    world = World.new(url)
    paid = charge_of(world, source(world, installment_term=3)["id"])
    world.api("POST", f"/charges/{paid['id']}/mark_as_paid")
    world.api("POST", f"/charges/{paid['id']}/refunds", {"amount": 1000})
    charge_of(world, source(world, "truemoney")["id"])
    unused = source(world, "alipay_cn", platform_type="WEB")
    before = everything(world, unused)
    process.kill()
    testing.stop(process)

    process, url = testing.start("--db", str(tmp_path / "sandbox.db"), "--port", "0")
    world.url = url
    after = everything(world, unused)
    testing.stop(process)

    assert after == before


def everything(world, unused):
    """All objects that a kill must not lose."""
    shown = [world.api("GET", path)["data"] for path in ("/transactions", "/events", "/refunds")]
    charges = world.charges()
    for charge in charges:
        charge["refunds"].pop("to")
    events = [event["key"] for event in shown[1]]
    sources = [world.api("GET", f"/sources/{each['source']['id']}") for each in charges]
    return (
        charges,
        sources,
        events,
        shown[0],
        shown[2],
        world.api("GET", f"/sources/{unused['id']}"),
        world.api("GET", "/balance"),
        world.api("GET", "/account"),
    )

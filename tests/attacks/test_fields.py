"""SQL and HTML in every field of every form: escaped and never executed. On both databases."""

import re
import time
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from storefront import web
from tests.attacks.conftest import PASSWORD as STAFF_PASSWORD
from tests.attacks.conftest import STAFF, is_bug
from tests.support.flask_shopper import ADDRESS, PASSWORD, FlaskShopper
from tests.support.page_rules import faults_in

SQL = [
    "' OR '1'='1",
    "'; DROP TABLE orders; --",
    "' UNION SELECT password_hash, 1, 2 FROM users --",
    "1; SELECT pg_sleep(3) --",
    "\\'; DELETE FROM attempts; --",
    "%_%'",
]
HTML = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "{{ 7919*7907 }}{% raw %}${7919*7907}%(x)s{0}",
    "\u202e\ufeff\U0001f600" * 20 + "<svg/onload=alert(1)>",
]
PAYLOADS = SQL + HTML

#: The result in a page that evaluates what it was sent; too long to be there by chance.
SUM = str(7919 * 7907)

#: Every form with its fields, and the other fields that it needs; None is the payload.
SHOPPER_FORMS: list[tuple[str, Any]] = [
    ("/cart", {"sku": None}),
    ("/cart", {"sku": "mug", "quantity": None}),
    ("/cart/{payload}", {"quantity": "1"}),
    ("/cart/mug", {"quantity": None}),
    ("/charge", {"email": None, "token": "tokn_test_1"}),
    ("/charge", {"email": "a@example.com", "token": None}),
    ("/charge", {"email": "a@example.com", "card": None}),
    ("/charge", {"email": "a@example.com", "token": "tokn_test_1", "amount": None}),
    ("/charge", {"email": "a@example.com", "token": "tokn_test_1", "method": None}),
    ("/charge", {"email": "a@example.com", "method": "installments", "plan": None}),
    ("/charge", {"email": "a@example.com", "method": "fpx", "option-fpx": None}),
    ("/charge", {"email": "a@example.com", "method": "fpx", "option": None}),
    ("/charge", {"email": "a@example.com", "token": "tokn_test_1", "cart": None}),
    ("/charge", {"email": "a@example.com", "token": "tokn_test_1", "save_card": None}),
    ("/charge", {"email": "a@example.com", "token": "tokn_test_1", "cart": "x", "items": None}),
    ("/charge", {"email": "nonsense", "note": None}),
    ("/charge", {"email": "nonsense", "shipping": None, **dict.fromkeys(ADDRESS)}),
    ("/charge", {**ADDRESS, "email": "a@example.com", "token": "tokn_test_1", "amount": None}),
    ("/checkout", {"email": None, **dict.fromkeys(ADDRESS)}),
    ("/account/address", dict.fromkeys(ADDRESS)),
    ("/checkout/check", {"email": None}),
    ("/checkout/remove-line", {"sku": None}),
    ("/account/password", {"old_password": None, "password": "short"}),
    ("/password/forgot", {"email": None}),
    ("/password/reset/{payload}", {"password": None}),
    ("/account/email", {"email": None, "current_password": None}),
    ("/account/verify", {}),
    ("/account/verify/{payload}", {}),
    ("/account/delete", {"delete_password": None}),
    ("/account/address/delete", {}),
    ("/signup", {"email": None, "password": "short"}),
    ("/signup", {"email": "new@example.com", "password": "short", "next": None}),
    ("/language", {"language": None}),
    ("/language", {"language": "en", "next": None}),
    ("/cards", {"token": None}),
    ("/cards/{payload}/default", {}),
    ("/cards/{payload}/delete", {}),
    ("/orders/{payload}/cancel-payment", {}),
    ("/orders/{payload}/link", {"key": "guess"}),
    ("/orders/{number}/link", {"key": None}),
]
SHOPPER_PAGES = [
    "/products/{payload}",
    "/checkout",
    "/cart?session={payload}",
    "/orders/{payload}",
    "/orders/{payload}/status",
    "/orders/{number}?key={payload}",
    "/payments/{number}/return?key={payload}",
    "/orders/{number}?to={payload}",
    "/login?next={payload}",
    "/password/reset/{payload}",
    "/account/verify/{payload}",
    "/?q={payload}",
    "/{payload}",
]
STAFF_FORMS: list[tuple[str, Any]] = [
    ("/admin/orders/{number}/refund", {"amount": None}),
    ("/admin/orders/{number}/refund", {"amount": "1", "reason": None}),
    ("/admin/orders/{number}/refund", {"amount": "0", "reason": None, "confirmed": None}),
    ("/admin/orders/{number}/refund", {"amount": "0", "confirmed": "yes", "idempotency_key": None}),
    ("/admin/orders/{number}/capture", {"amount": None}),
    ("/admin/orders/{number}/void", {"reason": None}),
    ("/admin/orders/{number}/close-attempt", {"reason": None}),
    ("/admin/orders/{number}/ship", {"tracking_number": None}),
    ("/admin/orders/{number}/pack", {}),
    ("/admin/orders/{number}/notes", {"note": None}),
    ("/admin/orders/{number}/receipt", {}),
    ("/admin/tasks/{payload}/{payload}", {}),
    ("/admin/login/code", {"code": None}),
    ("/admin/account/second-factor/confirm", {"code": None}),
    ("/admin/account/second-factor/remove", {"code": None}),
    ("/admin/orders/{payload}/refund", {"amount": "1"}),
    ("/admin/orders/{number}/{payload}", {"amount": "1"}),
    ("/admin/events/{payload}/replay", {}),
    ("/admin/reconcile", {"hours": None}),
    ("/admin/stock", {"count-mug": None, "shown-mug": "1"}),
    ("/admin/stock", {"count-mug": "1", "shown-mug": None}),
]
STAFF_PAGES = [
    "/admin?day={payload}",
    "/admin/orders?q={payload}",
    "/admin/orders/export.csv?q={payload}&status={payload}",
    "/admin/orders?status={payload}",
    "/admin/orders?since={payload}&until={payload}&before={payload}",
    "/admin/orders/{payload}",
    "/admin/events?before={payload}",
    "/admin/audit?before={payload}",
    "/admin/mails?before={payload}",
    "/admin/mails/{payload}",
]

#: How the code reads a field, and how a URL above names one.
READ = re.compile(
    r"""(?:\b(?:form|args|fields|values)\.get\(|\bget_text\([\w.]+, |\bday_arg\()"(\w+)"""
)
NAMED_IN_QUERY = re.compile(r"[?&](\w+)=")


@pytest.fixture(autouse=True)
def _on_both_databases(database):
    """Text that one database accepts may be an error on the other."""


def filled(path, payload, number):
    return path.format(payload=quote(payload, safe=""), number=number)


def with_payload(fields, payload):
    return {name: payload if value is None else value for name, value in fields.items()}


def is_harmless(answer, payload):
    """The response is no server error, and shows the payload neither as markup nor evaluated."""
    body = answer.get_data(as_text=True)
    if answer.mimetype == "text/html" and re.search("[<>\"']", payload):
        assert payload not in body
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        assert "<svg/onload" not in body
    return not is_bug(answer) and SUM not in body


def fill_in(person, forms, pages, payload, number, attack_counter):
    """Send a payload in every field of the forms and URLs; none may execute or show it."""
    token = person.csrf()
    for path, fields in forms:
        data = {"csrf_token": token, **with_payload(fields, payload)}
        answer = person.client.post(filled(path, payload, number), data=data)
        assert is_harmless(answer, payload), (path, fields)
    for path in pages:
        answer = person.client.get(filled(path, payload, number))
        assert is_harmless(answer, payload), path
    attack_counter["fields with SQL or HTML"] += len(forms) + len(pages)


def test_fields_of_shoppers_are_never_executed(shopper, paid, stored_rows, attack_counter):
    for payload in PAYLOADS:
        shopper.puts_in_cart()
        tables, began = stored_rows(), time.perf_counter()

        fill_in(shopper, SHOPPER_FORMS, SHOPPER_PAGES, payload, paid, attack_counter)

        after = stored_rows()
        for name in ("users", "staff", "stock"):
            assert after[name] == tables[name]
        assert len(after["orders"]) <= len(tables["orders"]) + 1
        assert time.perf_counter() - began < 30  # nothing slept


def test_fields_of_staff_are_never_executed(staff, paid, stored_rows, attack_counter):
    for payload in PAYLOADS:
        tables = stored_rows()

        fill_in(staff, STAFF_FORMS, STAFF_PAGES, payload, paid, attack_counter)

        after = stored_rows()
        changed = {name for name in after if after[name] != tables[name]}
        assert changed <= {"audit_entries", "rate_limited_actions", "shipments"}
        found = staff.client.get("/admin/orders", query_string={"q": payload, "status": payload})
        assert paid not in found.get_data(as_text=True)


def test_injection_in_credentials_does_not_log_in(
    member, staff, app, world, stored_rows, attack_counter
):
    before = stored_rows()
    known = (("/login", "somchai@example.com", PASSWORD), ("/admin/login", STAFF, STAFF_PASSWORD))

    for payload in SQL:
        thief = FlaskShopper(app, world)
        for path, email, password in known:
            for fields in ((payload, password), (email, payload)):
                answer = thief.sends(path, email=fields[0], password=fields[1])
                assert answer.status_code == 422
                attack_counter["fields with SQL or HTML"] += 1
        assert thief.client.get("/account").status_code == 303
        assert thief.client.get("/admin").status_code == 303
    after = stored_rows()
    assert {name for name in after if after[name] != before[name]} == {"rate_limited_actions"}


def test_stored_text_is_escaped_when_shown(shopper, staff, services, world, settings, repository):
    """The email, the reason of a refund, and the name on a saved card."""
    email = "o'hara{{7919*7907}}<b>'or'1'='1@example.com"
    assert shopper.signs_up(email).status_code == 422  # no email contains < and >
    email = "o'hara+{{7919*7907}}'or'1'='1@example.com"
    assert shopper.signs_up(email).status_code == 303
    shopper.sends("/cards", token=world.token(name=HTML[1]))
    shopper.puts_in_cart()
    shopper.pays(email="", card=shopper.card)
    number, reason = shopper.order_number, HTML[0]
    refund = {"amount": "1.00", "reason": reason, "confirmed": "yes", "idempotency_key": "c1"}
    assert staff.sends(f"/admin/orders/{number}/refund", **refund).status_code == 303
    services.engine.worker.run_due()

    pages = [
        (staff, f"/admin/orders/{number}", reason),
        (staff, "/admin/audit", reason),
        (staff, f"/admin/orders?q={email}".replace("+", "%2B"), email),
        (staff, "/admin/mails", email),
        (shopper, "/cards", HTML[1]),
        (shopper, "/checkout", ""),
    ]
    for person, path, kept_text in pages:
        page = person.sees(path).get_data(as_text=True)
        assert faults_in(page) == []
        assert SUM not in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert escape(kept_text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page, path
    assert repository.get(number).email == email
    assert all(SUM.encode() not in mail.read_bytes() for mail in settings.mail_folder.glob("*.eml"))


def test_every_form_is_listed(app):
    """So that a new route is attacked too."""
    listed = {path for path, _ in SHOPPER_FORMS + STAFF_FORMS}
    elsewhere = {"/login", "/admin/login", "/logout", "/admin/logout"}
    elsewhere |= {
        "/admin/account/second-factor",
        "/account/log-out-everywhere",
        "/webhooks/omise",
        "/csp-report",
    }
    elsewhere |= {"/payments/<reference>/return"}
    known = {re.sub(r"\{\w+\}|mug", "*", path) for path in listed | elsewhere}

    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods:
            assert re.sub(r"<[^>]+>", "*", rule.rule) in {
                re.sub(r"<[^>]+>", "*", path) for path in known
            }, rule.rule


def test_every_field_is_listed():
    """The fields of forms, JSON and queries that the views read."""
    attacked = {name for _, fields in SHOPPER_FORMS + STAFF_FORMS for name in fields}
    queried = {
        name for path in SHOPPER_PAGES + STAFF_PAGES for name in NAMED_IN_QUERY.findall(path)
    }

    read = {
        name
        for file in Path(web.__path__[0]).rglob("*.py")
        for name in READ.findall(file.read_text())
    }

    assert len(read) > 20
    assert read - attacked - queried == set()

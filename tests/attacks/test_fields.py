"""SQL and HTML in every field of every form: escaped, never run, never a 500; on both databases."""

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
from tests.support.page_rules import faults_in
from tests.support.shopper import PASSWORD, ShopperAtTheShop

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

#: What stands in a page that works out what it was sent; too long to be there by chance.
SUM = str(7919 * 7907)

#: Every field: who sends it, where to, and what else must be there for it to be looked at.
#: None is the payload.
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
    ("/charge", {"email": "a@example.com", "token": "tokn_test_1", "cart": None}),
    ("/charge", {"email": "a@example.com", "token": "tokn_test_1", "save_card": None}),
    ("/account/password", {"old_password": None, "password": "short"}),
    ("/signup", {"email": None, "password": "short"}),
    ("/signup", {"email": "new@example.com", "password": "short", "next": None}),
    ("/language", {"language": None}),
    ("/language", {"language": "en", "next": None}),
    ("/cards", {"token": None}),
    ("/cards/{payload}/default", {}),
    ("/cards/{payload}/delete", {}),
    ("/orders/{payload}/cancel-payment", {}),
]
SHOPPER_PAGES = [
    "/products/{payload}",
    "/orders/{payload}",
    "/orders/{payload}/status",
    "/orders/{number}?key={payload}",
    "/orders/{number}/return?key={payload}",
    "/orders/{number}?to={payload}",
    "/login?next={payload}",
    "/?q={payload}",
    "/{payload}",
]
STAFF_FORMS: list[tuple[str, Any]] = [
    ("/admin/orders/{number}/refund", {"amount": None}),
    ("/admin/orders/{number}/refund", {"amount": "1", "reason": None}),
    ("/admin/orders/{number}/refund", {"amount": "0", "reason": None, "confirmed": None}),
    ("/admin/orders/{number}/refund", {"amount": "0", "confirmed": "yes", "click": None}),
    ("/admin/orders/{number}/capture", {"amount": None}),
    ("/admin/orders/{number}/void", {"reason": None}),
    ("/admin/orders/{payload}/refund", {"amount": "1"}),
    ("/admin/orders/{number}/{payload}", {"amount": "1"}),
    ("/admin/events/{payload}/replay", {}),
    ("/admin/reconcile", {"hours": None}),
    ("/admin/stock/mug", {"count": None}),
    ("/admin/stock/{payload}", {"count": "1"}),
]
STAFF_PAGES = [
    "/admin?day={payload}",
    "/admin/orders?q={payload}",
    "/admin/orders?status={payload}",
    "/admin/orders?since={payload}&until={payload}&before={payload}",
    "/admin/orders/{payload}",
    "/admin/events?before={payload}",
    "/admin/audit?before={payload}",
    "/admin/mails?before={payload}",
    "/admin/mails/{payload}",
]

#: How the shop reads a field, and how a query above names one.
READ = re.compile(
    r"""(?:\b(?:form|args|fields|values)\.get\(|\bget_text\([\w.]+, |\bday_arg\()"(\w+)"""
)
NAMED_IN_QUERY = re.compile(r"[?&](\w+)=")


@pytest.fixture(autouse=True)
def _on_both_databases(database):
    """What one database takes, another may choke on."""


def filled(path, payload, number):
    return path.format(payload=quote(payload, safe=""), number=number)


def with_payload(fields, payload):
    return {name: payload if value is None else value for name, value in fields.items()}


def is_harmless(answer, payload):
    """Nothing of ours broke, and what was sent stands nowhere as mark-up or as a sum."""
    body = answer.get_data(as_text=True)
    if answer.mimetype == "text/html" and re.search("[<>\"']", payload):
        assert payload not in body
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        assert "<svg/onload" not in body
    return not is_bug(answer) and SUM not in body


def fill_in(person, forms, pages, payload, number, tried):
    """Put a payload into every field of the forms and addresses: none may run or show it."""
    token = person.csrf()
    for path, fields in forms:
        data = {"csrf_token": token, **with_payload(fields, payload)}
        answer = person.client.post(filled(path, payload, number), data=data)
        assert is_harmless(answer, payload), (path, fields)
    for path in pages:
        answer = person.client.get(filled(path, payload, number))
        assert is_harmless(answer, payload), path
    tried["fields with SQL or HTML"] += len(forms) + len(pages)


def test_no_field_of_a_shopper_is_run(shopper, paid, kept, tried):
    for payload in PAYLOADS:
        shopper.puts_in_cart()
        tables, began = kept(), time.perf_counter()

        fill_in(shopper, SHOPPER_FORMS, SHOPPER_PAGES, payload, paid, tried)

        after = kept()
        for name in ("users", "staff", "stock"):
            assert after[name] == tables[name]
        assert len(after["orders"]) <= len(tables["orders"]) + 1
        assert time.perf_counter() - began < 30  # nothing slept


def test_no_field_of_staff_is_run(staff, paid, kept, tried):
    for payload in PAYLOADS:
        tables = kept()

        fill_in(staff, STAFF_FORMS, STAFF_PAGES, payload, paid, tried)

        after = kept()
        changed = {name for name in after if after[name] != tables[name]}
        assert changed <= {"audit_entries"}
        found = staff.client.get("/admin/orders", query_string={"q": payload, "status": payload})
        assert paid not in found.get_data(as_text=True)


def test_no_password_or_email_opens_an_account(member, staff, app, world, kept, tried):
    before = kept()
    known = (("/login", "somchai@example.com", PASSWORD), ("/admin/login", STAFF, STAFF_PASSWORD))

    for payload in SQL:
        thief = ShopperAtTheShop(app, world)
        for path, email, password in known:
            for fields in ((payload, password), (email, payload)):
                answer = thief.sends(path, email=fields[0], password=fields[1])
                assert answer.status_code == 422
                tried["fields with SQL or HTML"] += 1
        assert thief.client.get("/account").status_code == 303
        assert thief.client.get("/admin").status_code == 303
    after = kept()
    assert {name for name in after if after[name] != before[name]} == {"rate_limited_actions"}


def test_what_is_kept_is_shown_as_it_was_written(shopper, staff, parts, world, settings, ledger):
    """Stored: the address, the reason of a refund, and the name on a card that Omise keeps."""
    email = "o'hara{{7919*7907}}<b>'or'1'='1@example.com"
    assert shopper.signs_up(email).status_code == 422  # < and > are in no address
    email = "o'hara+{{7919*7907}}'or'1'='1@example.com"
    assert shopper.signs_up(email).status_code == 303
    shopper.sends("/cards", token=world.token(name=HTML[1]))
    shopper.puts_in_cart()
    shopper.pays(email="", card=shopper.card)
    number, reason = shopper.order_number, HTML[0]
    move = {"amount": "1.00", "reason": reason, "confirmed": "yes", "click": "c1"}
    assert staff.sends(f"/admin/orders/{number}/refund", **move).status_code == 303
    parts.engine.worker.run_due()

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
    assert ledger.order(number).email == email
    assert all(SUM.encode() not in mail.read_bytes() for mail in settings.mail_folder.glob("*.eml"))


def test_every_form_of_the_shop_is_in_the_list(app):
    """A route that is added later is attacked too."""
    listed = {path for path, _ in SHOPPER_FORMS + STAFF_FORMS}
    elsewhere = {"/login", "/admin/login", "/logout", "/admin/logout"}
    elsewhere |= {"/account/log-out-everywhere", "/webhooks/omise", "/csp-report"}
    elsewhere |= {"/orders/<number>/return"}
    known = {re.sub(r"\{\w+\}|mug", "*", path) for path in listed | elsewhere}

    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods:
            assert re.sub(r"<[^>]+>", "*", rule.rule) in {
                re.sub(r"<[^>]+>", "*", path) for path in known
            }, rule.rule


def test_every_field_that_is_read_is_in_the_list():
    """Fields of forms, of JSON and of queries, as the pages of the shop ask for them."""
    attacked = {name for _, fields in SHOPPER_FORMS + STAFF_FORMS for name in fields}
    asked = {name for path in SHOPPER_PAGES + STAFF_PAGES for name in NAMED_IN_QUERY.findall(path)}

    read = {
        name
        for file in Path(web.__path__[0]).rglob("*.py")
        for name in READ.findall(file.read_text())
    }

    assert len(read) > 20
    assert read - attacked - asked == set()

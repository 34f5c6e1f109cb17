"""Bodies that are too large, malformed, or of another type than declared. On both databases."""

import json
import re
from urllib.parse import unquote_plus

import pytest

from storefront.payments.extension import MAX_WEBHOOK_BYTES
from tests.attacks.conftest import is_bug
from tests.support.webhooks import signed

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
PARTS = "multipart/form-data; boundary=x"
TOO_LARGE = MAX_WEBHOOK_BYTES + 1  # what the shop takes elsewhere is less


def part(content, name=b'form-data; name="email"', more=b""):
    return b"--x\r\nContent-Disposition: " + name + b"\r\n" + more + b"\r\n" + content + b"\r\n"


#: Fault → content type and bytes.
BODIES = {
    "deep arrays": (JSON, b"[" * 60_000),
    "deep objects": (JSON, b'{"a":' * 10_000),
    "deep and closed": (JSON, b'{"token":' * 3_000 + b"1" + b"}" * 3_000),
    "a number of many digits": (JSON, b'{"amount":' + b"9" * 5_000 + b"}"),
    "a number beyond any float": (JSON, b'{"amount":1e999,"email":-1e999}'),
    "no number": (JSON, b'{"amount":NaN,"token":Infinity}'),
    "half a character": (JSON, b'{"cart":"\\ud800","email":"\\udfff@a.example"}'),
    "NUL by escape": (JSON, b'{"cart":"\\u0000","token":"tokn_test_1"}'),
    "NUL": (JSON, b'{"cart":"\0"}'),
    "the same key twice": (JSON, b'{"token":"a","token":["tokn_test_1"]}'),
    "a key of great length": (JSON, b'{"' + b"k" * 60_000 + b'":1}'),
    "UTF-16": (JSON, '{"token":"tokn_test_1"}'.encode("utf-16")),
    "UTF-8 that is none": (JSON, b'{"email":"\xff\xc0\x80"}'),
    "nothing at all": (JSON, b""),
    "JSON that says it is a form": (FORM, b'{"token":"tokn_test_1"}'),
    "a form that says it is JSON": (JSON, b"token=tokn_test_1"),
    "a form with NUL": (FORM, b"email=a%00b&cart=%00&sku=mug%00&token=%00"),
    "a form that is no UTF-8": (FORM, b"email=%ff%fe&sku=%c0%80&q=%ed%a0%80"),
    "a form with broken escapes": (FORM, b"email=%zz&sku=%&%%%=&==&&"),
    "a form of ten thousand fields": (FORM, b"&".join(b"a%d=" % n for n in range(8_000))),
    "a form of unknown letters": (FORM + "; charset=utf-99", b"email=a"),
    "no boundary": ("multipart/form-data", part(b"a") + b"--x--"),
    "never ended": (PARTS, part(b"a")),
    "no parts": (PARTS, b"--x--"),
    "a part without a name": (PARTS, part(b"a", b"form-data") + b"--x--"),
    "a part with NUL": (PARTS, part(b"a\0b") + b"--x--"),
    "a file": (PARTS, part(b"a", b'form-data; name="email"; filename="../../x\\u0000"') + b"--x--"),
    "a file of no UTF-8": (
        PARTS,
        part(b"\xff", b'form-data; name="token"; filename=""') + b"--x--",
    ),
    "a thousand parts": (PARTS, part(b"") * 900 + b"--x--"),
    "parts of unknown letters": (
        PARTS,
        part(b"a", more=b"Content-Type: text/plain; charset=utf-99\r\n") + b"--x--",
    ),
    "packed": (JSON, b"\x1f\x8b\x08\x00\x00\x00\x00\x00"),
    "of no type": ("", b"token=tokn_test_1"),
    "of a type that is none": ("a/b/c;;=,", b"token=tokn_test_1"),
    "text": ("text/plain", b'{"token":"tokn_test_1"}'),
    "too large, JSON": (JSON, b'{"a":"' + b"x" * TOO_LARGE + b'"}'),
    "too large, a form": (FORM, b"a=" + b"x" * TOO_LARGE),
    "too large, parts": (PARTS, part(b"x" * TOO_LARGE) + b"--x--"),
}

ROUTES = [
    "/charge",
    "/checkout",
    "/checkout/check",
    "/checkout/remove-line",
    "/cart",
    "/cart/mug",
    "/cards",
    "/login",
    "/signup",
    "/language",
    "/logout",
    "/account/password",
    "/account/log-out-everywhere",
    "/account/email",
    "/account/verify",
    "/account/verify/a-token",
    "/account/address",
    "/account/address/delete",
    "/account/delete",
    "/password/forgot",
    "/password/reset/a-token",
    "/cards/card_test_1/default",
    "/cards/card_test_1/delete",
    "/orders/ZZZZZZZZZZ/cancel-payment",
    "/orders/ZZZZZZZZZZ/link",
    "/payments/ZZZZZZZZZZ/return",
    "/admin/login",
    "/admin/logout",
    "/admin/login/code",
    "/webhooks/omise",
    "/csp-report",
    "/nope",
]
ROUTES_OF_STAFF = [
    "/admin/orders/{number}/refund",
    "/admin/orders/{number}/capture",
    "/admin/orders/{number}/close-attempt",
    "/admin/orders/{number}/ship",
    "/admin/orders/{number}/pack",
    "/admin/orders/{number}/notes",
    "/admin/orders/{number}/receipt",
    "/admin/tasks/1/retry",
    "/admin/events/evnt_test_1/replay",
    "/admin/reconcile",
    "/admin/account/second-factor",
    "/admin/account/second-factor/confirm",
    "/admin/account/second-factor/remove",
    "/admin/stock",
]
LISTED = [path for path in ROUTES + ROUTES_OF_STAFF if path != "/nope"]


def test_malformed_body_is_rejected(database, shopper, world, stored_rows, attack_counter):
    for what in BODIES:
        kind, body = BODIES[what]
        shopper.puts_in_cart()
        before, headers = stored_rows(), {"X-CSRFToken": shopper.csrf()}

        for path in ROUTES:
            more = signed(body) if path == "/webhooks/omise" else {}
            if (
                path in {"/login", "/admin/login"}
                and "email" in str(body)
                and "too large" not in what
            ):
                continue  # credentials are verified, which is slow and counted
            answer = shopper.client.post(
                path, data=body, content_type=kind, headers={**headers, **more}
            )
            attack_counter["malformed bodies"] += 1
            assert not is_bug(answer), path
            if "too large" in what and path != "/nope":
                assert answer.status_code == 413, path
            if path == "/charge":
                assert answer.location in {"/checkout", "/cart"} or answer.status_code // 100 == 4
            if kind == JSON and answer.status_code >= 400:
                assert set(json.loads(answer.data)) >= {"error", "code"}
        after = stored_rows()
        assert {name for name in after if after[name] != before[name]} <= {"rate_limited_actions"}
        assert world.charges() == []


def test_malformed_body_from_staff_is_rejected(
    database, staff, paid, stored_rows, world, attack_counter
):
    before, headers = stored_rows(), {"X-CSRFToken": staff.csrf()}

    for what, (kind, body) in BODIES.items():
        for path in ROUTES_OF_STAFF:
            answer = staff.client.post(
                path.format(number=paid), data=body, content_type=kind, headers=headers
            )
            attack_counter["malformed bodies"] += 1
            assert not is_bug(answer), (path, what)
            if "too large" in what:
                assert answer.status_code == 413, path

    after = stored_rows()
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"audit_entries", "rate_limited_actions", "staff", "shipments", "tasks"}
    assert world.charges()[0]["refunded_amount"] == 0


def test_every_route_with_a_body_is_listed(app):
    """So that a new route is attacked too."""
    urls = app.url_map.bind("shop.test")
    hit = {urls.match(path.format(number="A1"), "POST")[0] for path in LISTED}

    assert hit == {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}


@pytest.mark.parametrize("length", ["-1", "abc", "9" * 30, "1e3", "", "0x10"])
def test_invalid_content_length_is_rejected(app, length, attack_counter):
    for path in ROUTES:
        answer = app.test_client().open(
            path,
            method="POST",
            input_stream=None,
            environ_overrides={"CONTENT_LENGTH": length},
            content_type=FORM,
        )
        attack_counter["malformed bodies"] += 1
        assert 400 <= answer.status_code < 500, path


@pytest.mark.parametrize("path", ["/charge", "/orders/x", "/admin/orders", "/cart/mug", "/cards/a"])
def test_nul_in_a_url_is_rejected(database, staff, shopper, path, attack_counter):
    for address in (f"{path}%00", f"{path}?q=%00&key=%00", f"{path}%00/status", f"{path}/%00"):
        for client in (staff.client, shopper.client):
            for method in ("GET", "POST", "PUT", "HEAD"):
                answer = client.open(address, method=method)
                attack_counter["URLs with NUL"] += 1
                assert answer.status_code in {400, 303, 404, 405}, (method, address)


DIGITS = "4242424242424242"

#: Full-width digits, as a Japanese keyboard writes them.
WIDE = "".join(chr(ord(digit) + 0xFEE0) for digit in DIGITS)
HIDDEN = {
    "in UTF-16": json.dumps({"email": DIGITS}).encode("utf-16"),
    "by escapes": b'{"email":"' + b"".join(b"\\u00%02x" % ord(d) for d in DIGITS) + b'"}',
    "in wide digits": json.dumps({"note": WIDE}).encode(),
    "in wide digits as they are": json.dumps({"note": WIDE}, ensure_ascii=False).encode(),
    "as a number": b'{"note":[[4242424242424242]]}',
    "as the name of a field": b'{"4242 4242 4242 4242":1}',
}


@pytest.mark.parametrize("how", HIDDEN)
def test_card_number_is_detected_in_every_encoding(shopper, how, stored_rows, capfd):
    before = stored_rows()

    answer = shopper.client.post(
        "/charge",
        data=HIDDEN[how],
        content_type=JSON,
        headers={"X-CSRFToken": shopper.csrf()},
    )

    assert answer.status_code == 400
    assert answer.get_json()["code"] in {"card_number_refused", "bad_request"}
    assert stored_rows() == before
    log = "".join(capfd.readouterr())
    assert [digits for digits in re.findall(r"[\d ]{12,}", log) if "4242" in digits] == []


@pytest.mark.parametrize("email", [f"{WIDE}@a.example", "4242\u00a04242\u00a04242\u00a04242"])
def test_card_number_in_a_form_is_detected(shopper, email):
    shopper.puts_in_cart()

    shopper.pays(email=email, token="tokn_test_1")

    assert "looks like a card number" in shopper.text


def test_older_webhooks_are_reached(staff, services, attack_counter):
    """Counted in microseconds they would have as many digits as a card."""
    from datetime import UTC, datetime, timedelta

    from sqlalchemy import insert

    from storefront.fraud.card_numbers import contains_card_number
    from storefront.payments.event_models import EventStatus
    from storefront.payments.tables import webhook_events

    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [
        {
            "id": f"evnt_test_{number}",
            "key": "charge.complete",
            "status": EventStatus.APPLIED,
            "received_at": start + timedelta(seconds=number),
        }
        for number in range(60)
    ]
    with services.database.transaction() as connection:
        connection.execute(insert(webhook_events), rows)
    page = staff.sees("/admin/events").get_data(as_text=True)
    older = re.search(r'rel="next" href="([^"]+)"', page)[1]
    attack_counter["moments that could look like cards"] += 1

    assert not contains_card_number(unquote_plus(older))
    assert "evnt_test_0" not in page
    assert "evnt_test_34" in staff.sees(older).get_data(as_text=True)

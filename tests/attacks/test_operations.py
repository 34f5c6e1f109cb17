"""Attacks on /metrics, and on /csp-report, which is open to all."""

import json

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from storefront.ops.csp_reports import MAX_KINDS
from storefront.ops.models import CspReport

FORWARDED = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "Via"]


@pytest.mark.parametrize("address", ["8.8.4.4", "10.0.0.7", "192.168.1.1", "2001:db8::1", "", "x"])
def test_metrics_are_for_this_machine_only(app, address):
    base = {"REMOTE_ADDR": address}

    assert app.test_client().get("/metrics", environ_base=base).status_code == 404


@pytest.mark.parametrize("header", [*FORWARDED, "X-Real-IP"])
def test_forwarded_request_is_not_from_this_machine(app, header):
    client = app.test_client()

    for value in ("127.0.0.1", "8.8.4.4", "localhost", ""):
        assert client.get("/metrics", headers={header: value}).status_code == 404
    assert client.get("/metrics").status_code == 200


@pytest.mark.parametrize("hops", [0, 1])
def test_forwarding_headers_do_not_impersonate_this_machine(shop_with, hops):
    client = shop_with(proxy_hops=hops).test_client()
    headers = {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"}

    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": "8.8.4.4"})

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", "Bearer guess", "Basic a token", "a token\0", "Bearer é", "A TOKEN"],
)
def test_metrics_token_is_required_once_set(shop_with, given):
    client = shop_with(metrics_token=SecretStr("a token")).test_client()

    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
    far = {"REMOTE_ADDR": "8.8.4.4"}
    right = client.get("/metrics", headers={"Authorization": "Bearer a token"}, environ_base=far)
    assert right.status_code == 200


# Reports

SECRET = "https://shop.test/payments/SECRETNUMBER/return?key=SECRETKEY#SECRET"


def report(**more):
    return {
        "csp-report": {
            "effective-directive": "script-src-elem",
            "blocked-uri": SECRET,
            "document-uri": SECRET,
            "script-sample": "SECRET",
            "referrer": SECRET,
            **more,
        }
    }


@pytest.fixture
def reported(services):
    def rows():
        with services.database.read_session() as session:
            return [
                (r.directive, r.blocked, r.page, r.count)
                for r in session.scalars(select(CspReport))
            ]

    return rows


GARBAGE = [
    *(
        b"",
        b"{",
        b"null",
        b"[]",
        b"17",
        b'"x"',
        b"\xff",
        b"\0",
        b"[" * 60_000,
        b'{"csp-report":[]}',
    ),
    *(b'{"csp-report":"x"}', b'[{"body":17}]', b'[[[{"body":{}}]]]', b'{"csp-report":{"a":1}}'),
    b'{"csp-report":{"effective-directive":{"a":[1]},"blocked-uri":null,"document-uri":1e999}}',
    b'{"csp-report":{"effective-directive":"\\u0000\\ud800<b>","blocked-uri":"//[","document-uri":"//["}}',
]


def test_garbage_reports_are_accepted_and_never_logged(
    database, app, reported, capfd, attack_counter
):
    client = app.test_client()

    for kind in (
        "application/csp-report",
        "application/reports+json",
        "application/json",
        "text/x",
    ):
        for body in GARBAGE:
            answer = client.post("/csp-report", data=body, content_type=kind)
            attack_counter["garbage reports"] += 1
            assert answer.status_code in {204, 400}
    huge = client.post("/csp-report", data=json.dumps(report(pad="x" * 70_000)))
    assert huge.status_code == 413

    for directive, blocked, page, _ in reported():
        assert (directive + blocked + page).isascii()
        assert "<" not in directive + blocked + page
    assert "<b>" not in "".join(capfd.readouterr())


def test_report_is_stored_and_logged_without_secrets(app, reported, capfd):
    client = app.test_client()
    new = [
        {
            "type": "csp-violation",
            "url": SECRET,
            "body": report()["csp-report"]
            | {"effectiveDirective": "img-src", "blockedURL": SECRET, "documentURL": SECRET},
        }
    ]

    for body in (report(), new):
        assert client.post("/csp-report", data=json.dumps(body)).status_code == 204

    (row,) = reported()
    assert row == ("script-src-elem", "https://shop.test", "/payments", 2)
    assert "SECRET" not in "".join(capfd.readouterr())


def test_kinds_of_reports_are_capped(app, services, reported, attack_counter):
    client = app.test_client()
    batches = range(MAX_KINDS // 20 + 5)

    for batch in batches:
        body = [{"body": {"effectiveDirective": f"x{batch}-{n}"}} for n in range(40)]
        assert client.post("/csp-report", data=json.dumps(body)).status_code == 204
        attack_counter["flooded reports"] += len(body)

    with services.database.read_session() as session:
        kinds = session.scalar(select(func.count()).select_from(CspReport))
    assert kinds == MAX_KINDS
    metrics = client.get("/metrics").get_data(as_text=True)
    assert metrics.count("shop_csp_reports{") <= MAX_KINDS
    assert client.post("/csp-report", data=json.dumps(report())).status_code == 204
    assert "script-src-elem" not in [directive for directive, *_ in reported()]


def test_reports_from_one_network_are_limited(shop_with):
    client = shop_with(posts_per_minute=10).test_client()
    far = {"REMOTE_ADDR": "8.8.4.4"}

    answers = [
        client.post("/csp-report", data=json.dumps(report()), environ_base=far).status_code
        for _ in range(15)
    ]

    assert answers == [204] * 10 + [429] * 5

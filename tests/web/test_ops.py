"""Endpoints for load balancers, monitors, and CSP reports of browsers."""

import json
import re

import pytest

from tests.support.programs import wait_until


@pytest.fixture
def working(services):
    """A worker that has just sent a heartbeat."""
    services.engine.worker._beat()


def metric(shopper, name):
    """The values of a metric, by their labels."""
    lines = shopper.client.get("/metrics").get_data(as_text=True).splitlines()
    rows = (line.rpartition(" ") for line in lines if line.startswith(name))
    return {row[0].removeprefix(name): float(row[2]) for row in rows}


def test_healthz_answers(shopper):
    assert shopper.client.get("/healthz").json == {"status": "ok"}


def test_readyz_passes_with_database_migrations_and_worker(shopper, working, database):
    answer = shopper.client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json["checks"] == {"database": "ok", "migrations": "ok", "worker": "ok"}


def test_readyz_fails_if_the_worker_is_silent(shopper, working, clock):
    clock.advance(61)

    answer = shopper.client.get("/readyz")

    assert answer.status_code == 503
    assert re.fullmatch(r"silent for \d+ s", answer.json["checks"]["worker"])


def test_readyz_fails_before_the_first_heartbeat(shopper):
    assert shopper.client.get("/readyz").json["checks"]["worker"] == "never seen"


def test_readyz_fails_with_pending_migrations(shopper, services, working):
    with services.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    answer = shopper.client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["checks"]["migrations"] == "pending"


def test_readyz_fails_without_the_database(shop_with):
    app = shop_with(database_url="postgresql://unknown@127.0.0.1:1/nothing")

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {
        "status": "not ready",
        "checks": {"database": "unreachable (OperationalError)"},
    }


def test_metrics_count_attempts_and_declines(shopper, database):
    shopper.puts_in_cart()
    shopper.pays("4111111111140011")
    shopper.pays()

    attempts = metric(shopper, "shop_attempts")

    assert attempts['{status="declined",type="charge"}'] == 1
    assert attempts['{status="succeeded",type="charge"}'] == 1
    assert metric(shopper, "shop_declines") == {'{code="insufficient_fund"}': 1}
    assert metric(shopper, "shop_card_failures") == {"": 1}


def test_metrics_show_the_age_of_unknown_attempts(shopper, world, clock):
    world.fails("POST", "/charges", "drop_before")
    shopper.puts_in_cart()
    shopper.pays()
    clock.advance(300)

    assert metric(shopper, "shop_unknown_age_seconds")[""] == pytest.approx(300, abs=10)


def test_metrics_show_worker_silence_and_outbox_lag(shopper, working, clock):
    shopper.puts_in_cart()
    shopper.pays()  # leaves the task to send a receipt
    clock.advance(100)

    assert metric(shopper, "shop_worker_silence_seconds")[""] == pytest.approx(100, abs=10)
    assert metric(shopper, "shop_outbox_lag_seconds")[""] == pytest.approx(100, abs=10)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 404),
        ({"Authorization": "Bearer wrong"}, 404),
        ({"Authorization": "Bearer a metrics token"}, 200),
    ],
)
def test_metrics_need_the_token(shop_with, headers, status):
    from pydantic import SecretStr

    app = shop_with(metrics_token=SecretStr("a metrics token"))

    assert app.test_client().get("/metrics", headers=headers).status_code == status


REPORTS = {
    "application/csp-report": {
        "csp-report": {
            "document-uri": "http://shop.test/orders/SECRET?key=abc",
            "effective-directive": "script-src-elem",
            "blocked-uri": "https://evil.example/steal.js?card=1",
        }
    },
    "application/reports+json": [
        {
            "type": "csp-violation",
            "body": {
                "documentURL": "http://shop.test/orders/SECRET?key=abc",
                "effectiveDirective": "script-src-elem",
                "blockedURL": "https://evil.example/steal.js?card=1",
            },
        }
    ],
}


@pytest.mark.parametrize("kind", REPORTS)
def test_csp_report_is_counted_without_private_data(shopper, services, kind, database):
    for _ in range(2):
        answer = shopper.client.post(
            "/csp-report", data=json.dumps(REPORTS[kind]), content_type=kind
        )
        assert answer.status_code == 204

    [report] = services.csp_reports.all()
    assert (report.directive, report.blocked, report.page, report.count) == (
        "script-src-elem",
        "https://evil.example",
        "/orders",
        2,
    )
    assert metric(shopper, "shop_csp_reports") == {'{directive="script-src-elem"}': 2}


def test_unreadable_csp_report_is_rejected(shopper):
    assert shopper.client.post("/csp-report", data=b"{").status_code == 400


def test_unknown_host_is_rejected(shopper):
    assert shopper.client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_only_configured_proxies_are_trusted(shop_with):
    app, seen = shop_with(proxy_hops=1), []
    app.before_request(lambda: seen.append(__import__("flask").request.remote_addr))

    app.test_client().get("/healthz", headers={"X-Forwarded-For": "1.1.1.1, 8.8.8.8"})
    shop_with().test_client().get("/healthz", headers={"X-Forwarded-For": "8.8.8.8"})

    assert seen == ["8.8.8.8"]


def test_worker_sends_heartbeats(services):
    import threading

    worker = threading.Thread(target=services.engine.worker.run_forever)
    worker.start()
    try:
        wait_until(lambda: services.health.checks()["worker"] == "ok", "the worker is seen")
    finally:
        services.engine.worker.stop()
        worker.join()

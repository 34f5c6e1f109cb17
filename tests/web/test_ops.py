"""What load balancers, monitors and browsers ask or tell."""

import json

import pytest

from tests.support.programs import wait_until


@pytest.fixture
def working(parts):
    """A worker that has just shown that it is alive."""
    parts.engine.worker._beat()


def metric(shopper, name):
    """The figures of a metric, by their labels."""
    lines = shopper.client.get("/metrics").get_data(as_text=True).splitlines()
    rows = (line.rpartition(" ") for line in lines if line.startswith(name))
    return {row[0].removeprefix(name): float(row[2]) for row in rows}


def test_a_process_that_answers_is_alive(shopper):
    assert shopper.client.get("/healthz").json == {"status": "ok"}


def test_the_shop_is_ready_when_database_migrations_and_worker_are(shopper, working, database):
    answer = shopper.client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json["checks"] == {"database": "ok", "migrations": "ok", "worker": "ok"}


def test_the_shop_is_not_ready_without_a_worker(shopper, working, clock):
    clock.advance(61)

    answer = shopper.client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["checks"]["worker"] == "silent for 61 s"


def test_the_shop_is_not_ready_before_any_worker_was_seen(shopper):
    assert shopper.client.get("/readyz").json["checks"]["worker"] == "never seen"


def test_the_shop_is_not_ready_with_pending_migrations(shopper, parts, working):
    with parts.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")

    answer = shopper.client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["checks"]["migrations"] == "pending"


def test_the_shop_is_not_ready_without_its_database(shop_with):
    app = shop_with(database_url="postgresql://nobody@127.0.0.1:1/nothing")

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {
        "status": "not ready",
        "checks": {"database": "unreachable (OperationalError)"},
    }


def test_metrics_tell_what_became_of_payments(shopper, database):
    shopper.puts_in_cart()
    shopper.pays("4111111111140011")
    shopper.pays()

    attempts = metric(shopper, "shop_attempts")

    assert attempts['{kind="charge",state="declined"}'] == 1
    assert attempts['{kind="charge",state="succeeded"}'] == 1
    assert metric(shopper, "shop_declines") == {'{code="insufficient_fund"}': 1}
    assert metric(shopper, "shop_card_failures") == {"": 1}


def test_metrics_tell_how_old_the_oldest_unknown_attempt_is(shopper, world, clock):
    world.fails("POST", "/charges", "drop_before")
    shopper.puts_in_cart()
    shopper.pays()
    clock.advance(300)

    assert metric(shopper, "shop_unknown_age_seconds")[""] == pytest.approx(300, abs=10)


def test_metrics_tell_of_a_silent_worker_and_of_work_left_over(shopper, working, clock):
    shopper.puts_in_cart()
    shopper.pays()  # leaves a receipt to be sent
    clock.advance(100)

    assert metric(shopper, "shop_worker_silence_seconds")[""] == pytest.approx(100, abs=10)
    assert metric(shopper, "shop_outbox_lag_seconds")[""] == pytest.approx(100, abs=10)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 404),
        ({"Authorization": "Bearer wrong"}, 404),
        ({"Authorization": "Bearer of good tidings"}, 200),
    ],
)
def test_metrics_are_for_whoever_has_the_token(shop_with, headers, status):
    from pydantic import SecretStr

    app = shop_with(metrics_token=SecretStr("of good tidings"))

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
def test_what_browsers_refused_is_counted_without_what_is_private(shopper, parts, kind, database):
    for _ in range(2):
        answer = shopper.client.post(
            "/csp-report", data=json.dumps(REPORTS[kind]), content_type=kind
        )
        assert answer.status_code == 204

    [report] = parts.csp_reports.all()
    assert (report.directive, report.blocked, report.page, report.count) == (
        "script-src-elem",
        "https://evil.example",
        "/orders",
        2,
    )
    assert metric(shopper, "shop_csp_reports") == {'{directive="script-src-elem"}': 2}


def test_a_report_that_cannot_be_read_is_refused(shopper):
    assert shopper.client.post("/csp-report", data=b"{").status_code == 400


def test_a_host_that_is_not_ours_is_refused(shopper):
    assert shopper.client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_only_our_own_proxies_are_believed(shop_with):
    app, seen = shop_with(proxy_hops=1), []
    app.before_request(lambda: seen.append(__import__("flask").request.remote_addr))

    app.test_client().get("/healthz", headers={"X-Forwarded-For": "1.1.1.1, 8.8.8.8"})
    shop_with().test_client().get("/healthz", headers={"X-Forwarded-For": "8.8.8.8"})

    assert seen == ["8.8.8.8"]


def test_the_worker_shows_that_it_is_alive(parts):
    import threading

    worker = threading.Thread(target=parts.engine.worker.work_on)
    worker.start()
    try:
        wait_until(lambda: parts.health.checks()["worker"] == "ok", "the worker is seen")
    finally:
        parts.engine.worker.stop()
        worker.join()

"""Preflight checks find faults of the configuration, and say how to fix them."""

import pytest
from pydantic import SecretStr

from storefront.ops.preflight import Preflight, Severity
from storefront.payments.omise import Capability

GOOD = {
    "secret_key": SecretStr("0123456789abcdef" * 4),
    "omise_webhook_secret": SecretStr("c2VjcmV0"),
    "public_url": "https://shop.test",
    "proxy_hops": 1,
    "mail_url": SecretStr("smtps://mail.test"),
}

LIVE = {
    "omise_public_key": "pkey_5xuy4w91xqz7d1w9u0t",
    "omise_secret_key": SecretStr("skey_5xuy4w91xqz7d1w9u0t"),
}


@pytest.fixture
def doctor(shop_with):
    """Runs the command on a shop with these settings; gives its exit status and output."""

    def run(**changes):
        result = shop_with(**{**GOOD, **changes}).test_cli_runner().invoke(args=["doctor"])
        return result.exit_code, result.output

    return run


def test_good_configuration_has_no_findings(doctor):
    assert doctor() == (0, "0 findings; test mode, THB\n")


@pytest.mark.parametrize(
    ("changes", "severity", "message"),
    [
        ({"secret_key": SecretStr("a" * 40)}, "warning", "SECRET_KEY is easy to guess"),
        ({"omise_webhook_secret": SecretStr("")}, "warning", "OMISE_WEBHOOK_SECRET is missing"),
        ({"public_url": "http://shop.test"}, "warning", "cookies and cards need https"),
        ({"proxy_hops": 0}, "warning", "PROXY_HOPS is 0"),
        (
            {"proxy_hops": 0, "public_url": "http://shop.test"},
            "warning",
            "without a proxy slow clients take all threads",
        ),
        ({"mail_url": SecretStr("")}, "warning", "MAIL_URL is missing"),
        ({"mail_starttls": False}, "warning", "can be read on their way"),
        ({"velocity_scale": 9}, "warning", "stolen cards can be tested"),
        ({"omise_secret_key": SecretStr("skey_test_other")}, "error", "Omise rejects the keys"),
        ({"omise_api_url": "http://127.0.0.1:1"}, "warning", "Omise cannot be reached"),
        (
            {"database_url": "postgresql://unknown@127.0.0.1:1/nothing"},
            "error",
            "The database cannot be reached",
        ),
    ],
)
def test_finding_comes_with_its_fix(doctor, changes, severity, message):
    status, output = doctor(**changes)

    assert f"{severity}: " in output
    assert message in output
    assert "  fix: " in output
    assert status == (1 if severity == Severity.ERROR else 0)


def test_pending_migrations_are_an_error(doctor, app):
    with app.extensions["shop"].database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    status, output = doctor()

    assert status == 1
    assert "flask --app app migrate" in output


def test_currency_that_the_account_cannot_charge_is_an_error(settings, services):
    preflight = Preflight(settings, services.health, services.engine.omise, debug=False)
    capability = Capability({"card": frozenset({"JPY"})}, least=100, most=6_000_000, country="JP")

    [finding] = preflight.currency_findings(capability)

    assert finding.severity == Severity.ERROR
    assert finding.problem == "The account cannot charge cards in THB"
    assert "STORE_CURRENCY to one of JPY" in finding.fix


def test_live_keys_with_debug_mode_are_an_error(shop_with):
    runner = shop_with(**{**GOOD, **LIVE, "omise_webhook_secret": SecretStr("")}).test_cli_runner(
        env={"FLASK_DEBUG": "1"}
    )

    result = runner.invoke(args=["doctor"])

    assert result.exit_code == 1
    assert "Live keys with debug mode on" in result.output
    assert "with real money" in result.output
    assert "skey_" not in result.output


def test_migrate_prints_findings_and_fails_on_an_error(shop_with):
    warned = shop_with().test_cli_runner().invoke(args=["migrate"])
    refused = shop_with(**GOOD, **LIVE, velocity_scale=2)

    assert warned.exit_code == 0
    assert "warning: PUBLIC_URL is http://shop.test" in warned.output
    assert refused.test_cli_runner().invoke(args=["migrate"]).exit_code == 1


@pytest.mark.parametrize("url", ["postgresql://unknown@127.0.0.1:1/nothing", "sqlite:///{}"])
def test_migrate_says_that_the_database_cannot_be_reached(shop_with, tmp_path, url):
    text = tmp_path / "notes.txt"
    text.write_text("No database, but long enough to be taken for one. " * 10)
    shop = shop_with(database_url=url.format(text))

    result = shop.test_cli_runner().invoke(args=["migrate"])

    assert result.exit_code == 1
    assert result.output.startswith("error: The database cannot be reached")
    assert "  fix: check DATABASE_URL" in result.output

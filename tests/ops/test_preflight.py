"""The doctor finds what would go wrong, and says how to mend it."""

import pytest
from pydantic import SecretStr

from storefront.ops.preflight import Doctor
from storefront.payments.omise import Capability

GOOD = {
    "secret_key": SecretStr("0123456789abcdef" * 4),
    "omise_webhook_secret": SecretStr("c2VjcmV0"),
    "public_url": "https://shop.test",
    "proxy_hops": 1,
    "mail_url": SecretStr("smtps://mail.test"),
}


@pytest.fixture
def examined(shop_with):
    """Run the command on a shop with these settings; gives what it ended with, and what it said."""

    def examine(**changes):
        result = shop_with(**{**GOOD, **changes}).test_cli_runner().invoke(args=["doctor"])
        return result.exit_code, result.output

    return examine


def test_a_shop_that_is_well(examined):
    assert examined() == (0, "0 found; test mode, THB\n")


@pytest.mark.parametrize(
    ("changes", "gravity", "words"),
    [
        ({"secret_key": SecretStr("a" * 40)}, "warn", "SECRET_KEY is easy to guess"),
        ({"omise_webhook_secret": SecretStr("")}, "warn", "OMISE_WEBHOOK_SECRET is missing"),
        ({"public_url": "http://shop.test"}, "warn", "cookies and cards need https"),
        ({"proxy_hops": 0}, "warn", "PROXY_HOPS is 0"),
        ({"mail_url": SecretStr("")}, "warn", "MAIL_URL is missing"),
        ({"velocity_scale": 9}, "warn", "stolen cards can be tried here"),
        ({"omise_secret_key": SecretStr("skey_test_other")}, "refuse", "does not take the keys"),
        ({"omise_api_url": "http://127.0.0.1:1"}, "warn", "Omise cannot be asked"),
        (
            {"database_url": "postgresql://nobody@127.0.0.1:1/nothing"},
            "refuse",
            "The database cannot be reached",
        ),
    ],
)
def test_what_is_wrong_is_found_with_its_mend(examined, changes, gravity, words):
    status, output = examined(**changes)

    assert f"{gravity}: " in output
    assert words in output
    assert "  mend: " in output
    assert status == (1 if gravity == "refuse" else 0)


def test_pending_migrations_are_found(examined, app):
    with app.extensions["shop"].database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")

    status, output = examined()

    assert status == 1
    assert "flask --app app migrate" in output


def test_a_currency_that_the_account_lacks_is_found(settings, parts):
    doctor = Doctor(settings, parts.health, parts.engine.omise, debug=False)
    able = Capability({"card": frozenset({"JPY"})}, least=100, most=6_000_000, country="JP")

    [finding] = doctor.about_currency(able)

    assert finding.what == "The account cannot charge cards in THB"
    assert "STORE_CURRENCY to one of JPY" in finding.mend


def test_live_keys_with_debug_are_refused(shop_with):
    live = {
        **GOOD,
        "omise_public_key": "pkey_5xuy4w91xqz7d1w9u0t",
        "omise_secret_key": SecretStr("skey_5xuy4w91xqz7d1w9u0t"),
        "omise_webhook_secret": SecretStr(""),
    }
    runner = shop_with(**live).test_cli_runner(env={"FLASK_DEBUG": "1"})

    result = runner.invoke(args=["doctor"])

    assert result.exit_code == 1
    assert "Live keys with debug on" in result.output
    assert "with real money" in result.output
    assert "skey_" not in result.output


def test_the_start_says_what_is_wrong_and_refuses_what_must_not_run(shop_with):
    warned = shop_with().test_cli_runner().invoke(args=["migrate"])
    refused = shop_with(
        **{**GOOD, "omise_public_key": "pkey_5xuy4w91xqz7d1w9u0t", "velocity_scale": 2}
    )

    assert warned.exit_code == 0
    assert "warn: PUBLIC_URL is http://shop.test" in warned.output
    assert refused.test_cli_runner().invoke(args=["migrate"]).exit_code == 1

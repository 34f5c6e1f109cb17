"""A shop that cannot work does not start, and says everything that is wrong, never a secret."""

import pytest

from storefront.settings import InvalidSettings, Settings

GOOD = {
    "omise_public_key": "pkey_test_5xuy4w91xqz7d1w9u0t",
    "omise_secret_key": "skey_test_5xuy4w91xqz7d1w9u0t",
    "secret_key": "s" * 32,
}


def settings(**changes):
    return Settings.from_env(_env_file=None, **(GOOD | changes))


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_good_settings_are_taken():
    assert settings().livemode is False
    assert settings(port=8000).public_url == "http://127.0.0.1:8000"


def test_every_missing_setting_is_named_at_once():
    with pytest.raises(InvalidSettings) as fault:
        Settings.from_env(_env_file=None)

    _, *told = str(fault.value).splitlines()
    assert [line.strip() for line in told] == [
        f"{name} is missing" for name in ("OMISE_PUBLIC_KEY", "OMISE_SECRET_KEY", "SECRET_KEY")
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"omise_public_key": GOOD["omise_secret_key"]}, "swapped"),
        (
            {
                "omise_public_key": GOOD["omise_secret_key"],
                "omise_secret_key": GOOD["omise_public_key"],
            },
            "swapped",
        ),
        ({"omise_secret_key": "skey_5xuy4w91xqz7d1w9u0t"}, "mix test and live"),
        ({"omise_public_key": "anything"}, "begins with pkey_"),
        ({"secret_key": "short"}, "SECRET_KEY is too short"),
        ({"store_currency": "XAU"}, "STORE_CURRENCY is 'XAU'"),
        ({"store_timezone": "Bangkok"}, "STORE_TIMEZONE is no time zone"),
        ({"staff_email": "finance"}, "STAFF_EMAIL"),
        ({"port": "eighty"}, "PORT"),
        ({"public_url": "shop.example"}, "PUBLIC_URL is not a web address"),
        ({"omise_read_timeout": 0}, "OMISE_READ_TIMEOUT"),
        ({"omise_public_key": "pkey_test_..."}, "OMISE_PUBLIC_KEY is missing"),
        ({"omise_api_version": "latest"}, "OMISE_API_VERSION is not a version"),
        ({"public_url": "https://shop.example/shop"}, "PUBLIC_URL must have no path"),
        ({"public_url": "https://shop.example:99999"}, "PUBLIC_URL is not a web address"),
        (
            {"trusted_hosts": "a.example, https://b.example"},
            "TRUSTED_HOSTS has 'https://b.example'",
        ),
        ({"trusted_hosts": "shop.example:8000"}, "TRUSTED_HOSTS has 'shop.example:8000'"),
        ({"database_url": "mysql://shop"}, "DATABASE_URL must begin with"),
        ({"database_url": "shop.db"}, "DATABASE_URL must begin with"),
        ({"database_url": "sqlite://"}, "DATABASE_URL needs a file"),
        ({"database_url": "sqlite:////dev/null/x/shop.db"}, "DATABASE_URL needs the folder"),
        ({"mail_url": "ftp://host"}, "MAIL_URL must be like smtp://"),
        ({"mail_url": "smtp://host:many"}, "MAIL_URL must be like smtp://"),
        ({"mail_from": "shop"}, "MAIL_FROM is not an email address"),
        ({"mail_folder": "/dev/null/mails"}, "MAIL_FOLDER needs the folder"),
        ({"ratelimit_storage_uri": "nowhere"}, "RATELIMIT_STORAGE_URI cannot be used"),
        ({"omise_webhook_secret": "not base64!"}, "OMISE_WEBHOOK_SECRET is not base64"),
    ],
)
def test_a_wrong_setting_stops_the_start(changes, words):
    with pytest.raises(InvalidSettings, match=words):
        settings(**changes)


@pytest.mark.parametrize("around", ["{}\n", " {} ", "'{}'", '"{}" '])
def test_white_space_and_quotes_around_a_setting_do_not_count(around):
    key, secret = GOOD["omise_public_key"], GOOD["omise_secret_key"]
    given = settings(omise_public_key=around.format(key), omise_secret_key=around.format(secret))

    assert (given.omise_public_key, given.omise_secret_key.get_secret_value()) == (key, secret)


@pytest.mark.parametrize("names", ["shop.example, .shop.example", "127.0.0.1,[::1]"])
def test_host_names_are_taken(names):
    assert settings(trusted_hosts=names).hosts[-1] == names.split(",")[-1].strip()


def test_empty_setting_counts_as_missing():
    assert settings(port="").port == 5000


def test_several_faults_are_told_together():
    with pytest.raises(InvalidSettings) as fault:
        settings(secret_key="short", store_currency="XAU", port=0)

    assert all(name in str(fault.value) for name in ("SECRET_KEY", "STORE_CURRENCY", "PORT"))


def test_no_secret_is_shown():
    with pytest.raises(InvalidSettings) as fault:
        settings(secret_key="hunter2", omise_secret_key="skey_5xuy4w91xqz7d1w9u0t")

    assert "hunter2" not in str(fault.value)
    assert "skey_5xuy" not in str(fault.value)
    assert "skey_test_5xuy" not in repr(settings())


def test_live_keys_mean_live_mode():
    assert settings(**LIVE).livemode is True


LIVE = {
    "omise_public_key": "pkey_5xuy4w91xqz7d1w9u0t",
    "omise_secret_key": "skey_5xuy4w91xqz7d1w9u0t",
    "public_url": "https://shop.example",
    "secret_key": "0123456789abcdef" * 4,
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"public_url": "http://shop.example"}, "PUBLIC_URL must begin with https://"),
        ({"omise_api_url": "http://127.0.0.1:5001"}, "need https://"),
        ({"secret_key": "x" * 40}, "SECRET_KEY is easy to guess"),
    ],
)
def test_live_keys_refuse_what_is_not_fit_for_real_money(changes, words):
    with pytest.raises(InvalidSettings, match=words):
        settings(**{**LIVE, **changes})


def test_time_zone_decides_how_times_are_shown():
    from datetime import UTC, datetime

    from storefront.web.template_globals import format_precisely

    noon = datetime(2026, 11, 26, 12, tzinfo=UTC)

    assert [
        format_precisely(settings(store_timezone=name).timezone, noon)
        for name in ("UTC", "Asia/Bangkok", "Asia/Tokyo")
    ] == [
        "26 Nov 2026, 12:00:00 UTC",
        "26 Nov 2026, 19:00:00 Bangkok time",
        "26 Nov 2026, 21:00:00 Tokyo time",
    ]


@pytest.mark.parametrize(
    ("changes", "zone"),
    [
        ({}, "Asia/Bangkok"),
        ({"store_currency": "jpy"}, "Asia/Tokyo"),
        ({"store_currency": "USD"}, "UTC"),
        ({"store_currency": "JPY", "store_timezone": "Europe/Paris"}, "Europe/Paris"),
        ({"store_timezone": ""}, "Asia/Bangkok"),
    ],
)
def test_time_zone_is_that_of_the_currency_unless_one_is_set(changes, zone):
    assert settings(**changes).timezone.key == zone

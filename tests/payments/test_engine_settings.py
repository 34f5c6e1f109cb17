"""Settings of the engine in a host of its own: converted, and refused where they cannot work."""

from dataclasses import replace

import pytest

from storefront.payments.commands import account_problems
from storefront.payments.errors import InvalidSetting
from storefront.payments.settings import PaymentSettings

TEST = {"OMISE_PUBLIC_KEY": "pkey_test_5xuy4w91", "OMISE_SECRET_KEY": "skey_test_5xuy4w91"}
LIVE = {"OMISE_PUBLIC_KEY": "pkey_5xuy4w91", "OMISE_SECRET_KEY": "skey_5xuy4w91"}


def settings(**config):
    return PaymentSettings.from_config(TEST | config)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        (TEST | {"OMISE_SECRET_KEY": LIVE["OMISE_SECRET_KEY"]}, "one of test and one of live mode"),
        (LIVE | {"OMISE_SECRET_KEY": TEST["OMISE_SECRET_KEY"]}, "one of test and one of live mode"),
        (
            {
                "OMISE_PUBLIC_KEY": TEST["OMISE_SECRET_KEY"],
                "OMISE_SECRET_KEY": TEST["OMISE_PUBLIC_KEY"],
            },
            "OMISE_PUBLIC_KEY must begin with pkey_",
        ),
        (TEST | {"OMISE_SECRET_KEY": "my secret"}, "OMISE_SECRET_KEY must begin with skey_"),
        ({"OMISE_PUBLIC_KEY": "pkey_test_5xuy4w91"}, "OMISE_SECRET_KEY is not set"),
    ],
)
def test_keys_that_are_no_pair_are_refused(keys, problem):
    with pytest.raises(InvalidSetting, match=problem) as refusal:
        PaymentSettings.from_config(keys)

    assert keys.get("OMISE_SECRET_KEY", "5xuy") not in str(refusal.value)


def test_mode_is_that_of_both_keys():
    assert settings().livemode is False
    assert PaymentSettings.from_config(LIVE).livemode is True


def test_check_compares_the_mode_with_that_of_the_account(services):
    engine = services.engine

    assert list(account_problems(replace(engine, settings=PaymentSettings.from_config(LIVE)))) == [
        "The keys are live keys, but Omise says that their account is in test mode"
    ]
    assert list(account_problems(engine)) == []


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("false", False),
        ("False", False),
        ("0", False),
        ("no", False),
        (" off ", False),
        (False, False),
        ("true", True),
        ("1", True),
        ("Yes", True),
        ("on", True),
        (True, True),
    ],
)
def test_words_of_the_environment_switch_a_setting(word, value):
    assert settings(OMISE_CAPTURE=word).capture is value


def test_numbers_of_the_environment_are_numbers():
    given = settings(OMISE_POOL_SIZE="16", OMISE_PENDING_TIMEOUT=" 900", OMISE_SETTLED_AFTER=180.5)

    assert (given.pool_size, given.pending_timeout, given.settled_after) == (16, 900.0, 180.5)


def test_white_space_around_a_setting_does_not_count():
    given = settings(OMISE_SECRET_KEY=" skey_test_5xuy4w91\n", OMISE_CARD_FORM="popup ")

    assert (given.secret_key, given.card_form) == ("skey_test_5xuy4w91", "popup")
    assert settings(OMISE_CAPTURE=" ").capture is True


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("OMISE_CAPTURE", "later", "write true or false"),
        ("OMISE_POOL_SIZE", "many", "write a whole number above 0"),
        ("OMISE_POOL_SIZE", "0", "write a whole number above 0"),
        ("OMISE_POOL_SIZE", "1.5", "write a whole number above 0"),
        ("OMISE_READ_TIMEOUT", "30s", "write a number of seconds above 0"),
        ("OMISE_READ_TIMEOUT", "nan", "write a number of seconds above 0"),
        ("OMISE_PENDING_TIMEOUT", "inf", "write a number of seconds above 0"),
        ("OMISE_PENDING_TIMEOUT", -1, "write a number of seconds above 0"),
        ("OMISE_CARD_FORM", "pop-up", "write own, popup or embedded"),
        ("OMISE_SETTLED_AFTER", "30", "write more than 45, which one call may take"),
    ],
)
def test_setting_that_cannot_work_is_refused(name, value, fix):
    with pytest.raises(InvalidSetting) as refusal:
        settings(**{name: value})

    assert str(refusal.value) == f"{name} is {value}: {fix}"

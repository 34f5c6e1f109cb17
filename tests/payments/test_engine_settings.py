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

"""Emails and passwords are the same however a keyboard writes them."""

import pytest

from storefront.accounts.emails import comparable_email, normalize_email
from storefront.errors import InvalidForm

COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"

#: What was typed at sign-up, and at log-in.
SPELLINGS = [
    ("nok@xn--bcher-kva.example", "nok@xn--bcher-kva.example"),
    ("nok@xn--bcher-kva.example", "nok@b\u00fccher.example"),
    ("NOK@B\u00dcCHER.example", "nok@xn--bcher-kva.example"),
    (f"{DECOMPOSED}@example.com", f"{DECOMPOSED}@example.com"),
    (f"{DECOMPOSED}@example.com", f"{COMPOSED}@example.com"),
    ("nok\uff20example.com", "nok@example.com"),
    ("taro..yamada.@docomo.ne.jp", "Taro..Yamada.@docomo.ne.jp"),
]


@pytest.mark.parametrize(("signup", "login"), SPELLINGS)
def test_account_is_found_by_every_spelling_of_its_email(shopper, signup, login):
    shopper.signs_up(signup)
    shopper.sends("/logout")

    assert shopper.sends("/login", email=login, password="correct horse battery").status_code == 303


@pytest.mark.parametrize(("signup", "login"), SPELLINGS)
def test_staff_account_is_found_by_every_spelling_of_its_email(services, signup, login):
    services.staff_accounts.create_or_reset(signup, "a long password of staff")

    assert services.staff_accounts.authenticate(login, "a long password of staff")


@pytest.mark.parametrize(("old", "new"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)])
def test_password_is_the_same_in_composed_and_decomposed_letters(shopper, old, new):
    shopper.signs_up(password=f"{old} au lait")
    shopper.sends("/logout")

    answer = shopper.sends("/login", email="somchai@example.com", password=f"{new} au lait")

    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("taro..yamada@docomo.ne.jp", "taro..yamada@docomo.ne.jp"),
        ("taro.@ezweb.ne.jp", "taro.@ezweb.ne.jp"),
        (" \uff4e\uff4f\uff4b\uff20gmail.com ", "nok@gmail.com"),
    ],
)
def test_real_address_can_buy(shopper, typed, stored):
    assert normalize_email(typed) == stored
    shopper.puts_in_cart()

    shopper.pays(email=typed)

    assert shopper.status == "paid"


@pytest.mark.parametrize(
    "typed", ["nok@gmail", "taro..yamada@gmail.com", "..@docomo.ne.jp", "a b@docomo.ne.jp"]
)
def test_wrong_address_is_rejected(typed):
    with pytest.raises(InvalidForm):
        normalize_email(typed)
    assert comparable_email(typed) == typed

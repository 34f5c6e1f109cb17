"""What a host may ask for: a request that lacks something, or cannot be true, leaves no trace."""

from dataclasses import replace
from typing import Any

import pytest

from storefront.payments.errors import CardNotSaved, ContactIncomplete, PaymentError
from storefront.payments.host import PaymentRequest
from tests.payments.conftest import paid_charges

TOTAL = 39000

#: What the method of a request needs, and what the error is without it.
INCOMPLETE: dict[str, dict[str, Any]] = {
    "card without token": {},
    "guest who saves a card": {"token": "tokn_test_1", "save_card": True},
    "unknown method": {"method": "cowrie"},
    "bank without a choice": {"method": "fpx"},
    "months that are no number": {"method": "installments", "option": "six"},
    "voucher without contact": {"method": "econtext", "email": "nok@example.com"},
}


@pytest.fixture
def engine(engine_with):
    """An engine of a host."""
    return engine_with()


def asks(**more):
    """A request to pay an order of the host, as far as it goes."""
    order: dict[str, Any] = {"reference": "A1", "amount": TOTAL, "currency": "THB"}
    return PaymentRequest(**order | more)


def open_attempt(engine, request):
    """Open an attempt as a host does that has a transaction of its own."""
    with engine.database.transaction() as connection:
        return engine.service.open_attempt(connection, request)


def test_currency_in_small_letters_is_paid(engine, world):
    """Omise's own samples write it so."""
    payment = engine.service.pay(asks(currency="thb", token=world.token()))

    assert (payment.status, payment.currency) == ("paid", "THB")
    assert engine.service.pay(asks(token=world.token())).status == "paid"
    assert paid_charges(world) == [TOTAL]


def test_limits_hold_for_a_currency_in_small_letters(engine, world):
    with pytest.raises(PaymentError):
        engine.service.pay(asks(currency="thb", amount=1, token=world.token()))


@pytest.mark.parametrize("currency", ["", "BAHT", "T1B", "THB ", "\N{THAI CURRENCY SYMBOL BAHT}"])
def test_currency_that_is_no_code_is_refused(currency):
    with pytest.raises(ValueError, match="a code of three letters like THB"):
        asks(currency=currency)


@pytest.mark.parametrize("lack", INCOMPLETE)
def test_incomplete_request_opens_no_attempt(engine, world, lack):
    with pytest.raises(PaymentError):
        engine.service.pay(asks(**INCOMPLETE[lack]))
    with pytest.raises(PaymentError):
        open_attempt(engine, asks(**INCOMPLETE[lack]))

    assert engine.repository.find("A1") is None
    assert world.charges() == []


def test_guest_who_wants_a_card_saved_is_told_to_log_in(engine, world):
    with pytest.raises(CardNotSaved, match="Log in to save this card"):
        engine.service.pay(asks(token=world.token(), save_card=True))


def test_request_that_is_refused_after_its_attempt_opened_can_be_repeated(engine, world):
    opened = open_attempt(engine, asks(method="econtext", currency="JPY", **CONTACT))
    incomplete = replace(opened, request=asks(method="econtext", currency="JPY"))

    with pytest.raises(ContactIncomplete):
        engine.service.submit(incomplete)

    assert engine.repository.get("A1").status == "payment_failed"
    assert engine.service.pay(asks(token=world.token())).status == "paid"
    assert paid_charges(world) == [TOTAL]


#: Whom a shop tells how to pay.
CONTACT = {"name": "Nok", "email": "nok@example.com", "phone": "0812345678"}

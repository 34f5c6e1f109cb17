"""The official Python client, unchanged, against the sandbox."""

import omise
import pytest
from omise import errors

CARD = {
    "name": "SOMCHAI PRASERT",
    "number": "4242424242424242",
    "expiration_month": 12,
    "expiration_year": 2040,
    "security_code": "123",
}
BAD_NUMBER = CARD | {"number": "4242424242424241"}


@pytest.fixture(autouse=True)
def client(account, monkeypatch):
    """The client, which keeps its settings in its module."""
    monkeypatch.setattr(omise, "api_main", account.api_url)
    monkeypatch.setattr(omise, "api_vault", account.vault_url)
    monkeypatch.setattr(omise, "api_public", account.public_key)
    monkeypatch.setattr(omise, "api_secret", account.secret_key)
    monkeypatch.setattr(omise, "api_version", "2019-05-29")


def charge(**more):
    """A new charge by a new token."""
    card = omise.Token.create(**CARD).id
    return omise.Charge.create(**{"amount": 100000, "currency": "thb", "card": card} | more)


def test_tokens():
    token = omise.Token.create(**CARD)

    again = omise.Token.retrieve(token.id)

    assert (token.used, again.id, again.card.last_digits) == (False, token.id, "4242")


def test_charges_are_created_retrieved_and_updated():
    made = charge(description="Mug", metadata={"order": "A1"})
    made.update(description="Two mugs")

    again = omise.Charge.retrieve(made.id)

    assert (again.status, again.paid, again.amount) == ("successful", True, 100000)
    assert (again.description, again.metadata.order) == ("Two mugs", "A1")


def test_charges_are_listed_and_paged():
    made = [charge().id for _ in range(3)]

    newest = omise.Charge.list().offset(limit=2, order="reverse_chronological")
    everything = list(omise.Charge.list())

    assert [one.id for one in newest] == [made[2], made[1]]
    assert set(made) <= {one.id for one in everything}
    assert len(omise.Charge.list()) == len(everything)


def test_charge_is_captured():
    held = charge(capture=False)
    assert (held.status, held.capturable) == ("pending", True)

    held.capture()

    assert held.reload().status == "successful"


def test_charge_is_reversed():
    held = charge(capture=False)

    held.reverse()

    assert held.reload().status == "reversed"


def test_charge_is_refunded_in_parts():
    paid = charge()

    refund = paid.refund(amount=30000)

    assert (refund.amount, refund.charge) == (30000, paid.id)
    assert paid.reload().refunded_amount == 30000
    assert [one.id for one in paid.list_refunds()] == [refund.id]


def test_customers_and_their_cards():
    customer = omise.Customer.create(
        email="somchai@example.com", card=omise.Token.create(**CARD).id
    )
    customer.update(card=omise.Token.create(**CARD).id)

    first, second = omise.Customer.retrieve(customer.id).cards
    paid = omise.Charge.create(amount=100000, currency="thb", customer=customer.id, card=second.id)
    first.destroy()

    assert paid.card.id == second.id
    assert first.destroyed is True
    assert [card.id for card in customer.reload().cards] == [second.id]


def test_customer_is_deleted():
    customer = omise.Customer.create(email="somchai@example.com")

    customer.destroy()

    assert customer.destroyed is True


def test_events_are_listed():
    made = charge()

    newest = omise.Event.list().offset(limit=1, order="reverse_chronological")

    assert [(event.key, event.data.id) for event in newest] == [("charge.create", made.id)]


def test_account_balance_and_capability():
    assert omise.Account.retrieve().currency
    assert omise.Balance.retrieve().currency
    assert omise.Capability.retrieve().payment_methods


@pytest.mark.parametrize(
    ("kind", "go_wrong"),
    [
        (errors.InvalidCardError, lambda: omise.Token.create(**BAD_NUMBER)),
        (errors.NotFoundError, lambda: omise.Charge.retrieve("chrg_test_nothing")),
        (errors.InvalidChargeError, lambda: charge(amount=1)),
        (errors.FailedCaptureError, lambda: charge().capture()),
        (errors.UsedTokenError, lambda: charge(card=charge_and_keep_token())),
        (errors.FailedRefundError, lambda: charge().refund(amount=999999)),
    ],
    ids=lambda value: getattr(value, "__name__", "").strip("<>") or None,
)
def test_errors_map_to_their_classes(kind, go_wrong):
    with pytest.raises(kind):
        go_wrong()


def charge_and_keep_token():
    """A used token."""
    token = omise.Token.create(**CARD)
    charge(card=token.id)
    return token.id


def test_wrong_key_raises_authentication_error(monkeypatch):
    monkeypatch.setattr(omise, "api_secret", "skey_test_wrong")

    with pytest.raises(errors.AuthenticationFailureError):
        omise.Charge.retrieve("chrg_test_nothing")

"""What a charge costs the merchant, and what it and its refunds move in the balance.

Source: the rates and roundings of 36 charges, and the transactions, in the fixtures of omise-php.
"""

from omise_sandbox.rules.money import CARD_RATE, NO_VAT, VAT, Fees, Rate, fees
from omise_sandbox.rules.source_types import SOURCE_TYPES
from omise_sandbox.storage.records import Charge, Refund, Transaction

#: Key → direction. The key of a capture is recorded; no source tells that of a refund (assumed).
MOVES = {"charge.captured.net": "credit", "refund.created.debit": "debit"}


def rates_of(charge: Charge) -> tuple[Rate, Rate]:
    """The rates of the fee and of the VAT on it."""
    rate = SOURCE_TYPES[charge.source.type].rate if charge.source else CARD_RATE
    return rate, VAT.get(charge.funding_currency, NO_VAT)


def fees_of(charge: Charge) -> Fees:
    """Fee, VAT and net of what is, or would be, captured."""
    return fees(charge.funding_amount, *rates_of(charge))


def credit(charge: Charge, transaction_id: str) -> Transaction:
    """The net comes in when the charge is captured."""
    return Transaction(
        transaction_id,
        charge.paid_at or charge.created_at,
        fees_of(charge).net,
        charge.funding_currency,
        "charge.captured.net",
        charge.id,
    )


def debit(refund: Refund) -> Transaction:
    """The whole refund goes out; the fee is not given back (assumed, for voids too)."""
    return Transaction(
        refund.transaction,
        refund.created_at,
        refund.funding_amount,
        refund.funding_currency,
        "refund.created.debit",
        refund.id,
    )

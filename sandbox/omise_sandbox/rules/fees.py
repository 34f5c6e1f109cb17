"""The fees of a charge, and the transactions that charges, refunds and disputes cause.

Source: rates and rounding of 36 charges, and the transactions, in the fixtures of omise-php.
"""

from omise_sandbox.rules.money import CARD_RATE, NO_VAT, VAT, Fees, Rate, fees
from omise_sandbox.rules.source_types import SOURCE_TYPES
from omise_sandbox.storage.records import Charge, Dispute, Refund, Transaction

#: Key → direction. The keys of a capture and of a new dispute are recorded, the others assumed.
DIRECTIONS = {
    "charge.captured.net": "credit",
    "refund.created.debit": "debit",
    "dispute.started.debit": "debit",
    "dispute.won.credit": "credit",
}


def rates_of(charge: Charge) -> tuple[Rate, Rate]:
    """The fee rate of a charge and the VAT rate on the fee."""
    rate = SOURCE_TYPES[charge.source.type].rate if charge.source else CARD_RATE
    return rate, VAT.get(charge.funding_currency, NO_VAT)


def fees_of(charge: Charge) -> Fees:
    """Fee, VAT and net of the captured amount, or of the amount to capture."""
    return fees(charge.funding_amount, *rates_of(charge))


def credit(charge: Charge, transaction_id: str) -> Transaction:
    """The transaction of a capture: the net amount."""
    return Transaction(
        transaction_id,
        charge.paid_at or charge.created_at,
        fees_of(charge).net,
        charge.funding_currency,
        "charge.captured.net",
        charge.id,
    )


def debit(refund: Refund) -> Transaction:
    """The transaction of a refund: the whole amount; fees are kept (assumed, for voids too)."""
    return Transaction(
        refund.transaction,
        refund.created_at,
        refund.funding_amount,
        refund.funding_currency,
        "refund.created.debit",
        refund.id,
    )


def dispute_debit(dispute: Dispute) -> Transaction:
    """The transaction of a new dispute: the whole amount."""
    return _of_dispute(dispute, dispute.transaction, dispute.created_at, "dispute.started.debit")


def dispute_credit(dispute: Dispute, transaction_id: str) -> Transaction:
    """The transaction of a dispute that was won: the whole amount, back."""
    at = dispute.closed_at or dispute.created_at
    return _of_dispute(dispute, transaction_id, at, "dispute.won.credit")


def _of_dispute(dispute: Dispute, transaction_id: str, at: int, key: str) -> Transaction:
    return Transaction(
        transaction_id, at, dispute.funding_amount, dispute.funding_currency, key, dispute.id
    )

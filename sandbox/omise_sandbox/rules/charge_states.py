"""The states of a charge: the fields that each shows, and the transitions between them.

Source: fixtures of omise-php; fidelity.toml says which states are not recorded.
"""

from typing import NamedTuple


class Flags(NamedTuple):
    """The state fields of a charge, as Omise names them."""

    status: str
    authorized: bool = False
    paid: bool = False
    capturable: bool = False
    reversible: bool = False
    refundable: bool = False
    disputable: bool = False
    reversed: bool = False
    expired: bool = False
    voided: bool = False
    #: Recordings omit `authorization_type`, `authorized_amount` and `captured_amount` from
    #: these charges, except in lists.
    omits_amounts: bool = False


#: State → the fields of the charge. "lapsed" is an authorization that was not captured in time;
#: no recording shows its status, so "expired" is assumed.
CHARGE_STATES = {
    "waiting": Flags("pending"),
    "authorized": Flags(
        "pending", authorized=True, capturable=True, reversible=True, omits_amounts=True
    ),
    "captured": Flags("successful", authorized=True, paid=True, refundable=True, disputable=True),
    # Paid by a method without refunds, as recorded for wechat_pay.
    "final": Flags("successful", authorized=True, paid=True),
    "refunded": Flags("successful", authorized=True, paid=True),
    "voided": Flags("successful", authorized=True, paid=True, voided=True),
    "reversed": Flags("reversed", authorized=True, reversed=True, omits_amounts=True),
    "failed": Flags("failed"),
    "expired": Flags("expired", expired=True, omits_amounts=True),
    "lapsed": Flags("expired", authorized=True, expired=True, omits_amounts=True),
}

#: State → the states that may follow. No other transition exists.
TRANSITIONS = {
    "waiting": {"authorized", "captured", "final", "failed", "expired"},
    "authorized": {"captured", "reversed", "lapsed"},
    "captured": {"captured", "refunded", "voided"},
    "final": set(),
    "refunded": set(),
    "voided": set(),
    "reversed": set(),
    "failed": set(),
    "expired": set(),
    "lapsed": set(),
}

#: State → the state that follows when `expires_at` passes.
ON_TIMEOUT = {"waiting": "expired", "authorized": "lapsed"}

#: failure_code → merchant_advice. The field is documented (docs.omise.co/merchant-advice); the
#: texts, and their codes, are assumed.
RETRY_LATER = "The card cannot be charged now. Retry later, or use another card."
DO_NOT_RETRY = "Do not retry the transaction with the same card."
CHECK_DATA = "Check the card details and try again."
MERCHANT_ADVICE = {
    "insufficient_fund": RETRY_LATER,
    "failed_processing": RETRY_LATER,
    "stolen_or_lost_card": DO_NOT_RETRY,
    "payment_rejected": DO_NOT_RETRY,
    "failed_fraud_check": DO_NOT_RETRY,
    "expired_card": DO_NOT_RETRY,
    "invalid_account_number": CHECK_DATA,
    "invalid_security_code": CHECK_DATA,
}

#: failure_code → failure_message. Source: docs.omise.co/charges-api and fixtures of
#: omise-php; the texts of the last two are assumed.
FAILURES = {
    "insufficient_fund": (
        "insufficient funds in the account or the card has reached the credit limit"
    ),
    "failed_fraud_check": "failed fraud check",
    "stolen_or_lost_card": "card is stolen or lost",
    "failed_processing": "failed processing",
    "payment_rejected": "payment rejected",
    "invalid_security_code": "the security code is invalid",
    "invalid_account_number": "the account number is invalid",
    "payment_cancelled": "payment cancelled",
    "expired_card": "card is expired",
}

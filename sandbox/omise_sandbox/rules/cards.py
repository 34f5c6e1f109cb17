"""Card numbers: brands, check digit, and the behaviour of each test number.

Sources: docs.omise.co/api-testing, omise_test_cards and the brief.
A number is never stored: a token keeps the name of the behaviour that the number selects.
"""

from base64 import b64encode
from hashlib import blake2b
from sys import intern
from typing import NamedTuple


class Behaviour(NamedTuple):
    """What happens when the card is charged."""

    failure_code: str | None = None
    #: Result of 3-D Secure: "challenge" (bank page), "enrolment_fails", "validation_fails".
    #: None: needed only when the account requires it of every card.
    three_ds: str | None = None
    #: False: the bank rejects the security code.
    security_code_good: bool = True
    #: The charge is disputed as soon as it is captured.
    opens_dispute: bool = False


BEHAVIOURS = {
    "succeeds": Behaviour(),
    "insufficient_fund": Behaviour("insufficient_fund"),
    "stolen_or_lost_card": Behaviour("stolen_or_lost_card"),
    "failed_processing": Behaviour("failed_processing"),
    "payment_rejected": Behaviour("payment_rejected"),
    "failed_fraud_check": Behaviour("failed_fraud_check"),
    "invalid_account_number": Behaviour("invalid_account_number"),
    "invalid_security_code": Behaviour("invalid_security_code", security_code_good=False),
    "enrolment_fails": Behaviour(three_ds="enrolment_fails"),
    "validation_fails": Behaviour(three_ds="validation_fails"),
    "asks_three_ds": Behaviour(three_ds="challenge"),
    "opens_dispute": Behaviour(opens_dispute=True),
}

#: Behaviour → the numbers that select it. Every other valid number succeeds.
NUMBERS = {
    "insufficient_fund": "4111111111140011 5555551111110011 3530111111190011 6250947000000014",
    "stolen_or_lost_card": "4111111111130012 5555551111100012 3530111111180012 6250947000000022",
    "failed_processing": (
        "4111111111120013 5555551111190013 3530111111170013 6250947000000030"
        " 377138160000009 6447032400001111005 36021042111108"
    ),
    "payment_rejected": (
        "4111111111110014 5555551111180014 3530111111160014 6250947000000048 4000000000000002"
    ),
    "failed_fraud_check": "4111111111190016 5555551111160016 3530111111140016 6250947000000055",
    "invalid_account_number": "4111111111180017 5555551111150017 3530111111130017 6250947000000063",
    "invalid_security_code": "4111111111160001 5555551111130001 3530111111110001",
    "enrolment_fails": "4111111111150002 5555551111120002 3530111111100002 6250947000000071",
    "validation_fails": (
        "4111111111140003 5555551111110003 3530111111190003 6250947000000089 377138161111003"
    ),
    "asks_three_ds": "4000000000003063",
    "opens_dispute": "4000000000000259",
}
BEHAVIOUR_OF = {number: name for name, numbers in NUMBERS.items() for number in numbers.split()}


class Brand(NamedTuple):
    """A card brand: its prefixes (as ranges) and the lengths of its numbers."""

    name: str
    prefixes: tuple[tuple[str, str], ...]
    lengths: tuple[int, ...]


#: Source: omise-ios. UnionPay before Discover, MasterCard before the rest of "5".
BRANDS = (
    Brand("Visa", (("4", "4"),), (13, 16, 19)),
    Brand("MasterCard", (("51", "55"), ("2221", "2720")), (16,)),
    Brand("JCB", (("3528", "3589"),), (16,)),
    Brand("American Express", (("34", "34"), ("37", "37")), (15,)),
    Brand("Diners Club", (("300", "305"), ("36", "36"), ("38", "39")), (14,)),
    Brand("UnionPay", (("62", "62"),), (16, 17, 18, 19)),
    Brand("Discover", (("6011", "6011"), ("644", "649"), ("65", "65")), (16, 17, 18, 19)),
)

#: Digit → what it adds, and what it adds when doubled.
SINGLE = bytes.maketrans(b"0123456789", bytes(range(10)))
DOUBLED = bytes.maketrans(b"0123456789", bytes([0, 2, 4, 6, 8, 1, 3, 5, 7, 9]))


def brand_of(number: str) -> Brand | None:
    """The brand of a number, by its first digits."""
    for brand in BRANDS:
        for low, high in brand.prefixes:
            if low <= number[: len(low)] <= high:
                return brand
    return None


def passes_luhn(digits: str) -> bool:
    """Whether the check digit is right. Takes ASCII digits only."""
    kept, doubled = digits[-1::-2].encode(), digits[-2::-2].encode()
    return (sum(kept.translate(SINGLE)) + sum(doubled.translate(DOUBLED))) % 10 == 0


def behaviour_of(number: str) -> str:
    """The name of the behaviour that the number selects."""
    return BEHAVIOUR_OF.get(number, "succeeds")


def fingerprint(number: str, key: str) -> str:
    """44 characters, constant for a number in an account; irreversible without the key."""
    digest = blake2b(number.encode(), key=key.encode()[:64], digest_size=32).digest()
    return intern(b64encode(digest).decode())

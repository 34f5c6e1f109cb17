"""The countries of an account, and what differs between them.

Sources: docs.omise.co/currency-and-amount for currencies and limits (`money.CURRENCIES` has the
limits), fixtures of omise-php for the lifetime of an authorization; the banks, transfers and
installments of Thailand are recorded.
"""

from typing import NamedTuple

from omise_sandbox.rules.source_types import INSTALLMENT_MINIMUM
from omise_sandbox.storage.clock import DAY

THAI_BANKS = (
    "test bbl kbank rbs ktb jpm mufg ttb scb citi smbc sc cimb uob bay mega boa cacib gsb hsbc db"
    " ghb baac mb bnp ibank tisco kk icbc tcrb lhb"
)


class Country(NamedTuple):
    """The properties of an account that follow from its country."""

    currency: str
    #: Lifetime of an uncaptured authorization, in seconds.
    hold: int = 7 * DAY
    #: Banks for transfers; known for Thailand only.
    banks: tuple[str, ...] = ()
    installment_minimum: int = 0


COUNTRIES = {
    "TH": Country("THB", banks=tuple(THAI_BANKS.split()), installment_minimum=INSTALLMENT_MINIMUM),
    "JP": Country("JPY", hold=30 * DAY),
    "SG": Country("SGD"),
    "MY": Country("MYR"),
}
COUNTRY_OF = {country.currency: name for name, country in COUNTRIES.items()}

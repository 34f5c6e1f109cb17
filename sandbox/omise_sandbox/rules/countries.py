"""The countries that an account can be in, and what differs between them.

Source: docs.omise.co/currency-and-amount for currencies and limits (limits stand in
`money.CURRENCIES`), fixtures of omise-php for how long a hold on a card lasts; the banks,
transfers and installments of Thailand are recorded.
"""

from typing import NamedTuple

from omise_sandbox.rules.source_types import INSTALLMENT_MINIMUM
from omise_sandbox.storage.clock import DAY

THAI_BANKS = (
    "test bbl kbank rbs ktb jpm mufg ttb scb citi smbc sc cimb uob bay mega boa cacib gsb hsbc db"
    " ghb baac mb bnp ibank tisco kk icbc tcrb lhb"
)


class Country(NamedTuple):
    """What an account gets from its country."""

    currency: str
    #: Seconds that a hold on a card lasts.
    hold: int = 7 * DAY
    #: Banks that money can be transferred to; no source tells them but for Thailand.
    banks: tuple[str, ...] = ()
    installment_minimum: int = 0


COUNTRIES = {
    "TH": Country("THB", banks=tuple(THAI_BANKS.split()), installment_minimum=INSTALLMENT_MINIMUM),
    "JP": Country("JPY", hold=30 * DAY),
    "SG": Country("SGD"),
    "MY": Country("MYR"),
}
COUNTRY_OF = {country.currency: name for name, country in COUNTRIES.items()}

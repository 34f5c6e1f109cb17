"""Cards of shoppers, and a record of those that a test entered."""

from dataclasses import dataclass
from datetime import UTC, datetime

NEXT_YEAR = datetime.now(UTC).year + 1
LAST_YEAR = NEXT_YEAR - 2


@dataclass(frozen=True)
class Card:
    """The data on a card."""

    number: str
    brand: str = "Visa"
    name: str = "Somchai Prasert"
    expiry: str = f"12 / {NEXT_YEAR % 100}"
    security_code: str = "842"

    @property
    def label(self) -> str:
        """The card as the shop shows it."""
        return f"{self.brand} •••• {self.number[-4:]}"

    @property
    def details(self) -> dict[str, object]:
        """The card as Omise.createToken takes it."""
        month, year = self.expiry.split(" / ")
        return {
            "name": self.name,
            "number": self.number,
            "expiration_month": int(month),
            "expiration_year": 2000 + int(year),
            "security_code": self.security_code,
        }


VISA = Card("4242424242424242")
OTHER_VISA = Card("4111111111111111")
MASTERCARD = Card("5555555555554444", brand="Mastercard")
DECLINED = Card("4000000000000002")
THREE_DS_CARD = Card("4000000000003063")

#: Cards that were entered on a page, or given to Omise.js, since the test began.
entered_cards: list[Card] = []

"""Who sells, as the contact page and the receipts name it."""

from typing import NamedTuple

from storefront.settings import Settings


class Merchant(NamedTuple):
    """An email, a postal address line by line, and a tax id; the last two may be empty."""

    email: str
    address: list[str]
    tax_id: str


def merchant(settings: Settings) -> Merchant:
    """Who sells, by the settings STORE_EMAIL or else MAIL_FROM, STORE_ADDRESS and STORE_TAX_ID."""
    lines = (line.strip() for line in settings.store_address.split(","))
    return Merchant(
        settings.store_email or settings.mail_from, list(filter(None, lines)), settings.store_tax_id
    )

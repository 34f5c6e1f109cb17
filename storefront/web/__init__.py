"""The shop over HTTP: the only package, with create_app, that knows Flask."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from storefront.accounts import Accounts
from storefront.catalogue import Catalogue
from storefront.database import Database
from storefront.events import Events
from storefront.ledger import Ledger
from storefront.money_moves import MoneyMoves
from storefront.omise import OmiseClient
from storefront.outcomes import Outcomes
from storefront.payments import Payments
from storefront.reconcile import Reconciler
from storefront.saved_cards import SavedCards
from storefront.settings import Settings
from storefront.worker import Worker


@dataclass(frozen=True, slots=True)
class Shop:
    """The parts of the running shop."""

    settings: Settings
    database: Database
    catalogue: Catalogue
    accounts: Accounts
    ledger: Ledger
    outcomes: Outcomes
    saved_cards: SavedCards
    payments: Payments
    money_moves: MoneyMoves
    events: Events
    reconciler: Reconciler
    worker: Worker
    omise: OmiseClient

    def close(self) -> None:
        """Let go of all connections."""
        self.omise.close()
        self.database.dispose()


def shop() -> Shop:
    """The parts of the app that answers this request."""
    return cast(Shop, current_app.extensions["shop"])

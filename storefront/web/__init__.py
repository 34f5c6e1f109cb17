"""The shop over HTTP: the only package, with create_app, that knows Flask."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from storefront.accounts import Accounts
from storefront.back_office import BackOffice
from storefront.catalogue import Catalogue
from storefront.csp_reports import CspReports
from storefront.database import Database
from storefront.events import Events
from storefront.health import Health
from storefront.ledger import Ledger
from storefront.log_ins import LogIns
from storefront.money_moves import MoneyMoves
from storefront.omise import OmiseClient
from storefront.outcomes import Outcomes
from storefront.payment_methods import Methods
from storefront.payments import Payments
from storefront.reconcile import Reconciler
from storefront.saved_cards import SavedCards
from storefront.settings import Settings
from storefront.shield import Shield
from storefront.staff import StaffRoom
from storefront.stockroom import Stockroom
from storefront.worker import Worker


@dataclass(frozen=True, slots=True)
class Shop:
    """The parts of the running shop."""

    settings: Settings
    database: Database
    catalogue: Catalogue
    accounts: Accounts
    log_ins: LogIns
    ledger: Ledger
    outcomes: Outcomes
    shield: Shield
    stockroom: Stockroom
    methods: Methods
    saved_cards: SavedCards
    payments: Payments
    money_moves: MoneyMoves
    events: Events
    staff_room: StaffRoom
    back_office: BackOffice
    health: Health
    csp_reports: CspReports
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

"""Services: the parts of the running shop, and how they are built."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from flask import Flask, current_app

from storefront.accounts.passwords import Passwords
from storefront.accounts.sessions import Sessions
from storefront.accounts.staff import StaffAccounts
from storefront.accounts.users import Accounts
from storefront.admin.audit_log import AuditLog
from storefront.admin.queries import AdminQueries
from storefront.fraud.velocity import VelocityLimiter
from storefront.ops.csp_reports import CspReports
from storefront.ops.health import Health
from storefront.ops.metrics import Metrics
from storefront.payments.charge_sync import Outcomes
from storefront.payments.database import Database
from storefront.payments.ledger import Ledger
from storefront.payments.methods import Methods
from storefront.payments.omise import OmiseClient
from storefront.payments.operations import MoneyMoves
from storefront.payments.outbox import Outbox
from storefront.payments.reconciliation import Reconciler
from storefront.payments.saved_cards import SavedCards
from storefront.payments.service import LatestArrival, Payments
from storefront.payments.task_handlers import Chores
from storefront.payments.webhook_inbox import Events
from storefront.payments.worker import Worker
from storefront.settings import Settings
from storefront.shop.catalogue import Catalogue
from storefront.shop.inventory import Stockroom
from storefront.shop.receipts import Folder, Post, Receipts, Smtp


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of the running shop."""

    settings: Settings
    now: Callable[[], datetime]
    database: Database
    catalogue: Catalogue
    accounts: Accounts
    passwords: Passwords
    sessions: Sessions
    ledger: Ledger
    outcomes: Outcomes
    velocity: VelocityLimiter
    stockroom: Stockroom
    methods: Methods
    saved_cards: SavedCards
    payments: Payments
    money_moves: MoneyMoves
    events: Events
    staff_accounts: StaffAccounts
    admin_queries: AdminQueries
    audit_log: AuditLog
    health: Health
    metrics: Metrics
    csp_reports: CspReports
    reconciler: Reconciler
    worker: Worker
    omise: OmiseClient

    def close(self) -> None:
        """Let go of all connections."""
        self.omise.close()
        self.database.dispose()


def services() -> Services:
    """The parts of the app that answers this request."""
    return cast(Services, current_app.extensions["shop"])


def build_services(app: Flask, settings: Settings, now: Callable[[], datetime]) -> Services:
    """Build the services from settings and a clock."""
    from storefront.web import mail, order_links

    database = Database(settings.database_url)
    passwords = Passwords()
    omise = omise_client(settings)
    velocity = VelocityLimiter(database, now=now, scale=settings.velocity_scale)
    stockroom = Stockroom(database)
    ledger = Ledger(
        database, velocity=velocity, stockroom=stockroom, livemode=settings.livemode, now=now
    )
    outcomes = Outcomes(database, stockroom=stockroom, now=now)
    methods = Methods(omise, now=now)
    saved_cards = SavedCards(database, omise, livemode=settings.livemode)
    latest_arrival = LatestArrival(
        after=timedelta(seconds=settings.omise_latest_arrival),
        call=timedelta(seconds=settings.longest_call),
        now=now,
    )
    payments = Payments(
        ledger=ledger,
        outcomes=outcomes,
        omise=omise,
        saved_cards=saved_cards,
        methods=methods,
        limits=settings.charge_limits,
        latest_arrival=latest_arrival,
        return_uri=lambda order: order_links.return_uri(order.number),
        capture=settings.capture,
    )
    moves = MoneyMoves(
        ledger=ledger,
        outcomes=outcomes,
        omise=omise,
        payments=payments,
        latest_arrival=latest_arrival,
    )
    events = Events(database, payments, secrets=settings.webhook_secrets, now=now)
    receipts = Receipts(
        database,
        post=post_of(settings),
        sender=settings.mail_from,
        write=partial(mail.write, app),
        now=now,
    )
    chores = Chores(ledger, payments, moves, events, receipts)
    return Services(
        settings=settings,
        now=now,
        database=database,
        catalogue=Catalogue.in_currency(settings.store_currency),
        accounts=Accounts(database, passwords, now=now),
        passwords=passwords,
        sessions=Sessions(database, now=now),
        ledger=ledger,
        outcomes=outcomes,
        velocity=velocity,
        stockroom=stockroom,
        methods=methods,
        saved_cards=saved_cards,
        payments=payments,
        money_moves=moves,
        events=events,
        staff_accounts=StaffAccounts(database, passwords, now=now),
        admin_queries=AdminQueries(database),
        audit_log=AuditLog(database, now=now),
        health=Health(database, now=now),
        metrics=Metrics(database, velocity, now=now),
        csp_reports=CspReports(database, now=now),
        reconciler=Reconciler(
            database=database,
            omise=omise,
            outcomes=outcomes,
            payments=payments,
            resolve=chores.resolve,
            livemode=settings.livemode,
        ),
        worker=Worker(Outbox(database, now=now), chores.handlers),
        omise=omise,
    )


def post_of(settings: Settings) -> Post:
    """Who takes the mails: the server that is set, or a folder."""
    url = settings.mail_url.get_secret_value()
    return Smtp(url) if url else Folder(settings.mail_folder)


def omise_client(settings: Settings) -> OmiseClient:
    """The client for the account whose keys are set."""
    return OmiseClient(
        public_key=settings.omise_public_key,
        secret_key=settings.omise_secret_key.get_secret_value(),
        api_url=settings.omise_api_url,
        vault_url=settings.omise_vault_url,
        api_version=settings.omise_api_version,
        connect_timeout=settings.omise_connect_timeout,
        read_timeout=settings.omise_read_timeout,
    )

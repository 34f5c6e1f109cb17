"""The storefront: a shop that takes card payments with Omise. Start reading at payments.py."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from flask import Flask
from flask_login import LoginManager

from . import cli, logs
from .accounts import Accounts
from .back_office import BackOffice
from .catalogue import Catalogue
from .chores import Chores
from .csp_reports import CspReports
from .database import Database
from .events import Events
from .health import Health
from .ledger import Ledger
from .log_ins import LogIns
from .money_moves import MoneyMoves
from .omise import OmiseClient
from .outcomes import Outcomes
from .payment_methods import Methods
from .payments import LatestArrival, Payments
from .receipts import Folder, Post, Receipts, Smtp
from .reconcile import Reconciler
from .saved_cards import SavedCards
from .settings import Settings
from .shield import Shield
from .staff import StaffRoom
from .stockroom import Stockroom
from .tasks import Outbox
from .web import (
    Shop,
    accounts,
    cards,
    checkout,
    display,
    errors,
    language,
    links,
    mails,
    office,
    operations,
    orders,
    security,
    session,
    shelf,
    static_files,
    styleguide,
    webhooks,
)
from .worker import Worker

ROOT = Path(__file__).parent.parent

#: The largest request that any page of ours sends, with room to spare.
LARGEST_REQUEST = 64 * 1024


def utc_now() -> datetime:
    """The time by the clock of this machine."""
    return datetime.now(UTC)


def create_app(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> Flask:
    """The shop as those settings describe it."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SECRET_KEY_FALLBACKS=settings.old_secret_keys,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SESSION_COOKIE_NAME="__Host-session" if settings.over_tls else "session",
        SESSION_COOKIE_SECURE=settings.over_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",  # the shopper comes back from the bank by a link
    )
    app.extensions["shop"] = assemble(app, settings, now)
    logs.set_up()
    logs.init_app(app)
    security.init_app(app, settings)
    language.init_app(app, settings)
    display.init_app(app, settings)
    static_files.init_app(app, ROOT / "static")
    errors.init_app(app)
    init_login(app)
    cli.init_app(app)
    for part in (shelf, checkout, orders, cards, accounts, webhooks, operations, office):
        app.register_blueprint(part.bp)
    if settings.styleguide:
        app.register_blueprint(styleguide.bp)
    return app


def assemble(app: Flask, settings: Settings, now: Callable[[], datetime]) -> Shop:
    """The parts of the shop, put together."""
    database = Database(settings.database_url)
    members = Accounts(database, now=now)
    omise = omise_client(settings)
    shield = Shield(database, now=now, scale=settings.shield_scale)
    stockroom = Stockroom(database)
    ledger = Ledger(
        database, shield=shield, stockroom=stockroom, livemode=settings.livemode, now=now
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
        return_uri=lambda order: links.return_uri(order.number),
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
        write=partial(mails.write, app),
        now=now,
    )
    chores = Chores(ledger, payments, moves, events, receipts)
    return Shop(
        settings=settings,
        database=database,
        catalogue=Catalogue.in_currency(settings.store_currency),
        accounts=members,
        log_ins=LogIns(database, now=now),
        ledger=ledger,
        outcomes=outcomes,
        shield=shield,
        stockroom=stockroom,
        methods=methods,
        saved_cards=saved_cards,
        payments=payments,
        money_moves=moves,
        events=events,
        staff_room=StaffRoom(database, members, now=now),
        back_office=BackOffice(database, now=now),
        health=Health(database, shield, now=now),
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


def init_login(app: Flask) -> None:
    """Let Flask-Login find the members."""
    LoginManager(app).user_loader(session.member_of)

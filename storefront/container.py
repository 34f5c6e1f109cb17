"""Services: the parts of the running shop, and how they are built."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import current_app

from storefront.accounts.links import SignedLinks
from storefront.accounts.notices import AccountMail
from storefront.accounts.passwords import Passwords
from storefront.accounts.recovery import PasswordRecovery
from storefront.accounts.roles import Role
from storefront.accounts.second_factor import SecondFactor
from storefront.accounts.sessions import Sessions
from storefront.accounts.staff import StaffAccounts
from storefront.accounts.users import Accounts
from storefront.accounts.verification import EmailVerification
from storefront.admin.audit_log import AuditLog
from storefront.admin.queries import AdminQueries
from storefront.admin.refund_limits import RefundLimits
from storefront.fraud.velocity import VelocityLimiter
from storefront.ops.csp_reports import CspReports
from storefront.ops.health import Health
from storefront.ops.metrics import Metrics
from storefront.payments.database import Database
from storefront.payments.engine import PaymentEngine, build_engine
from storefront.payments.extension import return_uri
from storefront.payments.repository import PaymentRepository
from storefront.setting_checks import home_of
from storefront.settings import Settings
from storefront.shop.account_deletion import AccountDeletion
from storefront.shop.account_mails import AccountMailRenderer, AccountMails
from storefront.shop.address_book import AddressBook
from storefront.shop.catalogue import Catalogue
from storefront.shop.checkout import Checkout
from storefront.shop.hooks import build_hooks
from storefront.shop.inventory import Inventory
from storefront.shop.mail import FileTransport, MailTransport, SmtpTransport
from storefront.shop.order_link_mails import ORDER_LINK, LinkMailRenderer, OrderLinkMails
from storefront.shop.orders import Orders
from storefront.shop.pricing import Pricing
from storefront.shop.receipts import MailKind, MailRenderer, Receipts
from storefront.shop.reservation_limits import ReservationLimiter
from storefront.shop.shipments import (
    SHIPMENT_NOTICE,
    ShipmentNotices,
    ShipmentRenderer,
    Shipments,
)
from storefront.shop.shipping import ShippingRates
from storefront.shop.staff_notices import DISPUTE_NOTICE, StaffNotices
from storefront.shop.stock_levels import StockLevels


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of the running shop."""

    settings: Settings
    now: Callable[[], datetime]
    database: Database
    catalogue: Catalogue
    pricing: Pricing
    accounts: Accounts
    account_deletion: AccountDeletion
    address_book: AddressBook
    recovery: PasswordRecovery
    verification: EmailVerification
    passwords: Passwords
    sessions: Sessions
    velocity: VelocityLimiter
    inventory: Inventory
    stock_levels: StockLevels
    orders: Orders
    order_link_mails: OrderLinkMails
    checkout: Checkout
    engine: PaymentEngine
    receipts: Receipts
    shipments: Shipments
    staff_accounts: StaffAccounts
    second_factor: SecondFactor
    refund_limits: RefundLimits
    admin_queries: AdminQueries
    audit_log: AuditLog
    health: Health
    metrics: Metrics
    csp_reports: CspReports

    def close(self) -> None:
        """Close all connections."""
        self.health.close()
        self.engine.close()


def services() -> Services:
    """The services of the app that handles this request."""
    return cast(Services, current_app.extensions["shop"])


def build_services(
    settings: Settings,
    now: Callable[[], datetime],
    *,
    render_mail: MailRenderer,
    render_shipment: ShipmentRenderer,
    render_account_mail: AccountMailRenderer,
    render_link_mail: LinkMailRenderer,
    order_url: Callable[[str], str],
) -> Services:
    """Build the services from settings, a clock, and what the web layer renders for them."""
    database = Database(settings.database_url, max_connections=settings.web_threads)
    passwords = Passwords()
    keys = [*settings.old_secret_keys, settings.secret_key.get_secret_value()]
    links = SignedLinks(keys, now=now)
    accounts = Accounts(database, passwords, now=now)
    recovery = PasswordRecovery(database, passwords, links, now=now)
    verification = EmailVerification(database, passwords, links, now=now)
    transport = mail_transport(settings)
    account_mails = AccountMails(
        accounts,
        recovery,
        verification,
        transport=transport,
        sender=settings.mail_from,
        render=render_account_mail,
        now=now,
    )
    velocity = VelocityLimiter(database, now=now, scale=settings.velocity_scale)
    inventory, orders = Inventory(database), Orders(database)
    reservations = ReservationLimiter(
        database,
        pending_timeout=timedelta(seconds=settings.omise_pending_timeout),
        scale=settings.velocity_scale,
    )
    receipts = Receipts(
        database,
        PaymentRepository(database),
        transport=transport,
        sender=settings.mail_from,
        render=render_mail,
        now=now,
    )
    notices = StaffNotices(
        database,
        transport=transport,
        sender=settings.mail_from,
        recipient=settings.staff_email,
        order_url=lambda number: f"{settings.public_url}/admin/orders/{number}",
        now=now,
    )
    shipped = ShipmentNotices(
        database,
        transport=transport,
        sender=settings.mail_from,
        render=render_shipment,
        now=now,
    )
    order_link_mails = OrderLinkMails(
        database,
        transport=transport,
        sender=settings.mail_from,
        render=render_link_mail,
        now=now,
    )
    hooks = build_hooks(
        orders,
        inventory,
        receipts,
        notices,
        attempt_policy=velocity.check_attempt,
        return_uri=return_uri,
    )
    pricing = Pricing(shipping_rates(settings), settings.tax_basis_points)
    engine = build_engine(
        settings.payments,
        database,
        hooks,
        handlers={
            **dict.fromkeys(MailKind, receipts.send),
            DISPUTE_NOTICE: notices.send,
            SHIPMENT_NOTICE: shipped.send,
            **dict.fromkeys(AccountMail, account_mails.send),
            ORDER_LINK: order_link_mails.send,
        },
        now=now,
    )
    return Services(
        settings=settings,
        now=now,
        database=database,
        catalogue=Catalogue.in_currency(settings.store_currency),
        pricing=pricing,
        accounts=accounts,
        account_deletion=AccountDeletion(database, passwords, engine.saved_cards, now=now),
        address_book=AddressBook(database),
        recovery=recovery,
        verification=verification,
        passwords=passwords,
        sessions=Sessions(database, now=now),
        velocity=velocity,
        inventory=inventory,
        stock_levels=StockLevels(inventory.available),
        orders=orders,
        order_link_mails=order_link_mails,
        checkout=Checkout(
            engine, orders, pricing, inventory, reservations, order_url=order_url, now=now
        ),
        engine=engine,
        receipts=receipts,
        shipments=Shipments(database, engine.repository, engine.operations, now=now),
        staff_accounts=StaffAccounts(database, passwords, now=now),
        admin_queries=AdminQueries(
            database,
            timezone=settings.timezone,
            pending_timeout=timedelta(seconds=settings.omise_pending_timeout),
        ),
        second_factor=SecondFactor(database, now=now),
        refund_limits=RefundLimits(database, refund_limits(settings), now=now),
        audit_log=AuditLog(database, now=now),
        health=Health(settings.database_url, now=now),
        metrics=Metrics(database, velocity, engine.disputes, now=now),
        csp_reports=CspReports(database, now=now),
    )


def mail_transport(settings: Settings) -> MailTransport:
    """The mail server that is set, or a folder."""
    url = settings.mail_url.get_secret_value()
    if not url:
        return FileTransport(settings.mail_folder)
    return SmtpTransport(url, starttls=settings.mail_starttls)


def shipping_rates(settings: Settings) -> ShippingRates:
    """What shipping costs; nothing is delivered if the shop says so."""
    if not settings.delivery:
        return ShippingRates.none()
    currency = settings.store_currency
    return ShippingRates.in_currency(currency, home_of(currency).country)


def refund_limits(settings: Settings) -> dict[Role, int | None]:
    """How much each role may refund within a day; a role that is missing nothing."""
    return {
        Role.SUPPORT: settings.support_refund_limit,
        Role.FINANCE: settings.finance_refund_limit,
    }

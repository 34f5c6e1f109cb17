"""The engine: its parts, and how they are built from settings, a database and the host's hooks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .account import MerchantAccount
from .charge_sync import ChargeSync
from .database import Database
from .dead_letters import DeadLetters
from .dispute_reconciliation import DisputeComparison
from .disputes import Disputes
from .host import Hooks
from .method_offers import Methods
from .missing_charges import MissingCharges
from .notifications import Notifier
from .omise import OmiseClient
from .operations import PaymentOperations
from .outbox import Outbox
from .patience import Patience
from .pending_charges import PendingCharges
from .reconciliation import Reconciler
from .repository import PaymentRepository
from .resolution import ChargeResolver
from .saved_cards import SavedCards
from .service import PaymentService
from .settings import PaymentSettings
from .submission import AttemptSubmitter
from .submission_deadline import SubmissionDeadline
from .task_handlers import Handler, TaskHandlers
from .webhook_inbox import WebhookInbox
from .worker import Worker

#: The engine's migrations; they keep their version in a table of their own.
MIGRATIONS = Path(__file__).parent / "migrations"


def utc_now() -> datetime:
    """The time by the clock of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class PaymentEngine:
    """The parts of the engine."""

    settings: PaymentSettings
    database: Database
    hooks: Hooks
    omise: OmiseClient
    repository: PaymentRepository
    service: PaymentService
    resolver: ChargeResolver
    operations: PaymentOperations
    sync: ChargeSync
    saved_cards: SavedCards
    methods: Methods
    inbox: WebhookInbox
    outbox: Outbox
    worker: Worker
    dead_letters: DeadLetters
    disputes: Disputes
    reconciler: Reconciler
    account: MerchantAccount

    @property
    def settled_after(self) -> timedelta:
        """How long an attempt may stay unknown; after it, its outcome should be certain."""
        return timedelta(seconds=self.settings.settled_after)

    def close(self) -> None:
        """Close all connections."""
        self.omise.close()
        self.database.dispose()


def build_engine(
    settings: PaymentSettings,
    database: Database,
    hooks: Hooks | None = None,
    *,
    handlers: Mapping[str, Handler] | None = None,
    now: Callable[[], datetime] = utc_now,
) -> PaymentEngine:
    """Build the engine.

    Args:
        settings: keys, addresses, limits.
        database: the host's; the engine owns its tables named `omise_*`.
        hooks: what the host wants to hear and decide.
        handlers: handlers of the host's own kinds of tasks.
        now: the clock.
    """
    hooks = hooks or Hooks()
    omise = OmiseClient(
        public_key=settings.public_key,
        secret_key=settings.secret_key,
        api_url=settings.api_url,
        vault_url=settings.vault_url,
        api_version=settings.api_version,
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        pool_size=settings.pool_size,
        user_agent=settings.user_agent,
        clock=lambda: now().timestamp(),
    )
    repository = PaymentRepository(database)
    notifier = Notifier(database, repository, hooks, now=now)
    account = MerchantAccount(omise, livemode=settings.livemode, now=now)
    saved_cards = SavedCards(database, omise, account, now=now)
    methods = Methods(omise, now=now)
    sync = ChargeSync(database, repository, hooks, notifier, saved_cards, now=now)
    deadline = SubmissionDeadline(
        settled_after=timedelta(seconds=settings.settled_after),
        max_call=timedelta(seconds=settings.max_call),
        now=now,
    )
    missing = MissingCharges(account, sync, deadline)
    pending_timeout = timedelta(seconds=settings.pending_timeout)
    pending = PendingCharges(omise, sync, account, timeout=pending_timeout, now=now)
    service = PaymentService(
        database=database,
        repository=repository,
        sync=sync,
        omise=omise,
        account=account,
        saved_cards=saved_cards,
        methods=methods,
        submitter=AttemptSubmitter(
            sync=sync,
            omise=omise,
            saved_cards=saved_cards,
            deadline=deadline,
            hooks=hooks,
            capture=settings.capture,
        ),
        patience=Patience(places=max(1, settings.pool_size // 2)),
        hooks=hooks,
        now=now,
    )
    resolver = ChargeResolver(
        repository=repository,
        sync=sync,
        omise=omise,
        account=account,
        deadline=deadline,
        missing=missing,
    )
    operations = PaymentOperations(
        database=database,
        repository=repository,
        sync=sync,
        omise=omise,
        account=account,
        deadline=deadline,
        missing=missing,
        pending=pending,
        now=now,
    )
    outbox, disputes = Outbox(database, now=now), Disputes(database)
    inbox = WebhookInbox(
        database, repository, resolver, outbox, secrets=settings.webhook_secrets, now=now
    )
    own = TaskHandlers(repository, resolver, operations, inbox, notifier, deadline, pending)
    return PaymentEngine(
        settings=settings,
        database=database,
        hooks=hooks,
        omise=omise,
        repository=repository,
        service=service,
        resolver=resolver,
        operations=operations,
        sync=sync,
        saved_cards=saved_cards,
        methods=methods,
        inbox=inbox,
        outbox=outbox,
        worker=Worker(outbox, {**own.handlers, **(handlers or {})}, latest=own.latest),
        dead_letters=DeadLetters(database, now=now),
        disputes=disputes,
        reconciler=Reconciler(
            repository=repository,
            omise=omise,
            sync=sync,
            resolve=own.resolve,
            search=resolver.search,
            compare_disputes=DisputeComparison(
                disputes=disputes,
                repository=repository,
                omise=omise,
                livemode=settings.livemode,
            ),
            livemode=settings.livemode,
        ),
        account=account,
    )

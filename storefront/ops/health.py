"""How the running shop is: what a load balancer, a monitor and `doctor` ask."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from storefront.fraud.velocity import VelocityLimiter
from storefront.models import Attempt, EventState, Heartbeat, Task, WebhookEvent
from storefront.ops.models import CspReport
from storefront.payments.database import MIGRATIONS, Database
from storefront.payments.outbox import WORKER
from storefront.payments.statuses import AttemptState

#: A worker that has been silent for so long is taken to be dead.
SILENCE = timedelta(seconds=60)

#: The metrics look at so long a time.
LOOK_BACK = timedelta(days=1)

#: What a check says when nothing is wrong.
OK = "ok"


class Health:
    """Looks at what the shop needs."""

    def __init__(
        self, database: Database, velocity: VelocityLimiter, *, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._velocity = velocity
        self._now = now

    def checks(self) -> dict[str, str]:
        """What the shop needs to take payments → "ok", or in a few words what is wrong."""
        try:
            with self._database.reading() as session:
                current = MigrationContext.configure(session.connection()).get_current_revision()
                beat = session.scalar(select(Heartbeat.at).where(Heartbeat.name == WORKER))
        except SQLAlchemyError as error:
            return {"database": f"unreachable ({type(error).__name__})"}
        return {
            "database": OK,
            "migrations": OK if current == newest_revision() else "pending",
            "worker": self._about_worker(beat),
        }

    def pending_migrations(self) -> bool:
        """Whether the tables are behind the program.

        Raises:
            SQLAlchemyError: when the database cannot be reached.
        """
        with self._database.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        return current != newest_revision()

    def _about_worker(self, beat: datetime | None) -> str:
        if beat is None:
            return "never seen"
        silent = self._now() - beat
        return OK if silent < SILENCE else f"silent for {round(silent.total_seconds())} s"

    def metrics(self) -> Iterator[Metric]:
        """What a monitor should know, read from the database, so that processes need not agree."""
        since = self._now() - LOOK_BACK
        with self._database.reading() as session:
            attempts = _family("shop_attempts", "Attempts of the last day", "kind", "state")
            counts = select(Attempt.kind, Attempt.state, func.count()).where(
                Attempt.created_at > since
            )
            for kind, state, count in session.execute(counts.group_by(Attempt.kind, Attempt.state)):
                attempts.add_metric([str(kind), str(state)], count)
            yield attempts

            declines = _family("shop_declines", "Failures of the last day", "code")
            codes = select(Attempt.failure_code, func.count()).where(
                Attempt.created_at > since, Attempt.failure_code.is_not(None)
            )
            for code, count in session.execute(codes.group_by(Attempt.failure_code)):
                declines.add_metric([str(code)], count)
            yield declines

            open_states = (AttemptState.STARTED, AttemptState.UNKNOWN)
            oldest = select(func.min(Attempt.created_at)).where(Attempt.state.in_(open_states))
            yield self._age("shop_unknown_age_seconds", "Oldest unknown", session.scalar(oldest))

            waiting = (EventState.RECEIVED, EventState.PARKED)
            event = select(func.min(WebhookEvent.received_at)).where(
                WebhookEvent.state.in_(waiting)
            )
            yield self._age("shop_webhook_lag_seconds", "Oldest unread", session.scalar(event))

            task = session.scalar(select(func.min(Task.due_at)))
            yield self._age("shop_outbox_lag_seconds", "How long the outbox is behind", task)

            beat = session.scalar(select(Heartbeat.at).where(Heartbeat.name == WORKER))
            yield self._age("shop_worker_silence_seconds", "Since the last heartbeat", beat)

            reports = _family("shop_csp_reports", "Refused by browsers", "directive")
            counted = select(CspReport.directive, func.sum(CspReport.count))
            for directive, count in session.execute(counted.group_by(CspReport.directive)):
                reports.add_metric([directive], count)
            yield reports
        yield GaugeMetricFamily(
            "shop_card_failures",
            "Cards that failed in the last ten minutes; many are an attack",
            value=self._velocity.failed_cards(since=self._now() - timedelta(minutes=10)),
        )

    def _age(self, name: str, help_text: str, since: datetime | None) -> Metric:
        age = (self._now() - since).total_seconds() if since else 0.0
        return GaugeMetricFamily(name, f"{help_text}; 0 when there is none", value=max(age, 0.0))


def newest_revision() -> str | None:
    """The revision of the tables that this program needs."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(settings).get_current_head()


def _family(name: str, help_text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_text, labels=labels)

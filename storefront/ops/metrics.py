"""Metrics for Prometheus, read from the database, so that all processes report the same."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from storefront.fraud.velocity import VelocityLimiter
from storefront.models import Attempt, EventState, Heartbeat, Task, WebhookEvent
from storefront.ops.models import CspReport
from storefront.payments.database import Database
from storefront.payments.outbox import WORKER
from storefront.payments.statuses import AttemptState

#: Counts cover this period.
PERIOD = timedelta(days=1)

#: Failed cards are counted over a shorter one, because many at once are an attack.
ATTACK_PERIOD = timedelta(minutes=10)

UNRESOLVED = (AttemptState.STARTED, AttemptState.UNKNOWN)
UNPROCESSED = (EventState.RECEIVED, EventState.PARKED)

#: Metric → its help text, and the time of the oldest thing that waits.
AGES: dict[str, tuple[str, Select[datetime]]] = {
    "shop_unknown_age_seconds": (
        "Age of the oldest attempt without a known result",
        select(func.min(Attempt.created_at)).where(Attempt.state.in_(UNRESOLVED)),
    ),
    "shop_webhook_lag_seconds": (
        "Age of the oldest unprocessed webhook",
        select(func.min(WebhookEvent.received_at)).where(WebhookEvent.state.in_(UNPROCESSED)),
    ),
    "shop_outbox_lag_seconds": (
        "Delay of the oldest due task",
        select(func.min(Task.due_at)),
    ),
    "shop_worker_silence_seconds": (
        "Time since the worker's last heartbeat",
        select(Heartbeat.at).where(Heartbeat.name == WORKER),
    ),
}


class Metrics(Collector):
    """Collects the metrics when they are scraped."""

    def __init__(
        self, database: Database, velocity: VelocityLimiter, *, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._velocity = velocity
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """The metrics as they are now."""
        with self._database.reading() as session:
            yield self._attempts(session)
            yield self._declines(session)
            for name, (description, oldest) in AGES.items():
                yield self._age(name, description, session.scalar(oldest))
            yield self._csp_reports(session)
        yield GaugeMetricFamily(
            "shop_card_failures",
            "Card payments that failed in the last ten minutes; many are an attack",
            value=self._velocity.failed_cards(since=self._now() - ATTACK_PERIOD),
        )

    def _attempts(self, session: Session) -> Metric:
        counted = select(Attempt.kind, Attempt.state, func.count())
        counted = counted.where(Attempt.created_at > self._now() - PERIOD)
        family = _family("shop_attempts", "Attempts of the last day", "kind", "state")
        for kind, state, count in session.execute(counted.group_by(Attempt.kind, Attempt.state)):
            family.add_metric([str(kind), str(state)], count)
        return family

    def _declines(self, session: Session) -> Metric:
        counted = select(Attempt.failure_code, func.count()).where(
            Attempt.created_at > self._now() - PERIOD, Attempt.failure_code.is_not(None)
        )
        family = _family("shop_declines", "Failed attempts of the last day", "code")
        for code, count in session.execute(counted.group_by(Attempt.failure_code)):
            family.add_metric([str(code)], count)
        return family

    def _csp_reports(self, session: Session) -> Metric:
        counted = select(CspReport.directive, func.sum(CspReport.count))
        family = _family("shop_csp_reports", "Resources blocked by browsers", "directive")
        for directive, count in session.execute(counted.group_by(CspReport.directive)):
            family.add_metric([directive], count)
        return family

    def _age(self, name: str, description: str, since: datetime | None) -> Metric:
        age = (self._now() - since).total_seconds() if since else 0.0
        return GaugeMetricFamily(name, f"{description}; 0 if there is none", value=max(age, 0.0))


def _family(name: str, description: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, description, labels=labels)

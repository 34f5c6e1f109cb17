"""Figures for a monitor, read from the database, so that processes need not agree."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from storefront.fraud.velocity import VelocityLimiter
from storefront.ops.models import CspReport
from storefront.payments import tables
from storefront.payments.database import Database
from storefront.payments.disputes import Disputes
from storefront.payments.event_models import EventStatus
from storefront.payments.outbox import WORKER
from storefront.payments.statuses import AttemptStatus, DisputeStatus

#: The period that the counts cover.
PERIOD = timedelta(days=1)

_ATTEMPTS, _EVENTS, _TASKS = tables.attempts.c, tables.webhook_events.c, tables.tasks.c
_HEARTBEATS = tables.heartbeats.c


class Metrics:
    """Collects the figures."""

    def __init__(
        self,
        database: Database,
        velocity: VelocityLimiter,
        disputes: Disputes,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._disputes = disputes
        self._velocity = velocity
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Every figure, as of now."""
        with self._database.connect() as connection:
            yield self._attempts(connection)
            yield self._declines(connection)
            yield from self._ages(connection)
            yield self._csp_reports(connection)
        yield self._dispute_counts()
        yield GaugeMetricFamily(
            "shop_card_failures",
            "Card payments declined in the last ten minutes; many are an attack",
            value=self._velocity.failed_cards(since=self._now() - timedelta(minutes=10)),
        )

    def _attempts(self, connection: Connection) -> Metric:
        family = _family("shop_attempts", "Attempts of the last day", "type", "status")
        counts = select(_ATTEMPTS.type, _ATTEMPTS.status, func.count())
        recent = counts.where(_ATTEMPTS.created_at > self._now() - PERIOD)
        for type_, status, count in connection.execute(
            recent.group_by(_ATTEMPTS.type, _ATTEMPTS.status)
        ):
            family.add_metric([str(type_), str(status)], count)
        return family

    def _declines(self, connection: Connection) -> Metric:
        family = _family("shop_declines", "Failed attempts of the last day", "code")
        codes = select(_ATTEMPTS.failure_code, func.count()).where(
            _ATTEMPTS.created_at > self._now() - PERIOD, _ATTEMPTS.failure_code.is_not(None)
        )
        for code, count in connection.execute(codes.group_by(_ATTEMPTS.failure_code)):
            family.add_metric([str(code)], count)
        return family

    def _ages(self, connection: Connection) -> Iterator[Metric]:
        unknown = _ATTEMPTS.status.in_([AttemptStatus.STARTED, AttemptStatus.UNKNOWN])
        waiting = _EVENTS.status.in_([EventStatus.RECEIVED, EventStatus.UNMATCHED])
        oldest = {
            ("shop_unknown_age_seconds", "Oldest unknown attempt"): select(
                func.min(_ATTEMPTS.created_at)
            ).where(unknown),
            ("shop_webhook_lag_seconds", "Oldest unprocessed webhook"): select(
                func.min(_EVENTS.received_at)
            ).where(waiting),
            ("shop_outbox_lag_seconds", "How long the oldest task is overdue"): select(
                func.min(_TASKS.due_at)
            ).where(_TASKS.failed_at.is_(None)),
            ("shop_worker_silence_seconds", "Since the worker's last heartbeat"): select(
                func.max(_HEARTBEATS.at)
            ).where(_HEARTBEATS.name == WORKER),
        }
        for (name, help_text), statement in oldest.items():
            since: datetime | None = connection.execute(statement).scalar()
            age = (self._now() - since).total_seconds() if since else 0.0
            yield GaugeMetricFamily(name, f"{help_text}; 0 when there is none", max(age, 0.0))

    def _dispute_counts(self) -> Metric:
        family = _family("shop_disputes", "Disputed charges", "status")
        counts = self._disputes.counts()
        for status in DisputeStatus:
            family.add_metric([status], counts[status])
        return family

    def _csp_reports(self, connection: Connection) -> Metric:
        family = _family("shop_csp_reports", "Resources blocked by browsers", "directive")
        counts = select(CspReport.directive, func.sum(CspReport.count))
        for directive, count in connection.execute(counts.group_by(CspReport.directive)):
            family.add_metric([directive], count)
        return family


def _family(name: str, help_text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_text, labels=labels)

"""What browsers refused to load for our pages: counted, so that an attack or a mistake shows."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from storefront.ops.models import CspReport
from storefront.payments.database import Database

#: More kinds of report than an honest shop has; then no new kinds are noted.
MOST_KINDS = 500

#: As much of a directive or an origin as is kept.
LONGEST = 100


class Violation(NamedTuple):
    """One report, cut down to what may be kept: never a path or a query of an address."""

    directive: str
    blocked: str
    page: str


def violations_in(body: object) -> Iterator[Violation]:
    """The violations in a report, old (`report-uri`) or new (`report-to`) in form."""
    for report in body if isinstance(body, list) else [body]:
        if not isinstance(report, Mapping):
            continue
        told = report.get("csp-report", report.get("body"))
        if isinstance(told, Mapping):
            yield Violation(
                _text(
                    _first(told, "effective-directive", "effectiveDirective", "violated-directive")
                ),
                _origin(_first(told, "blocked-uri", "blockedURL")),
                _path(_first(told, "document-uri", "documentURL")),
            )


def _first(told: Mapping[str, Any], *names: str) -> str:
    found = (told[name] for name in names if isinstance(told.get(name), str))
    return next(found, "")


def _text(value: str) -> str:
    return "".join(c for c in value if c.isascii() and (c.isalnum() or c in "-./: "))[:LONGEST]


def _origin(url: str) -> str:
    """The origin of what was blocked, or a word such as `inline`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "unreadable"
    return _text(f"{parts.scheme}://{parts.netloc}" if parts.netloc else url.partition(":")[0])


def _path(url: str) -> str:
    """The first step of the page's path; the rest may name an order."""
    try:
        return _text("/" + urlsplit(url).path.strip("/").partition("/")[0])
    except ValueError:
        return "unreadable"


class CspReports:
    """The counts of what was refused."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def note(self, violation: Violation) -> None:
        """Count a violation."""
        same = (
            CspReport.directive == violation.directive,
            CspReport.blocked == violation.blocked,
            CspReport.page == violation.page,
        )
        counting = update(CspReport).where(*same)
        counting = counting.values(count=CspReport.count + 1, last_at=self._now())
        try:
            with self._database.write_session() as session:
                if session.execute(counting.returning(CspReport.count)).first():
                    return
                if (session.scalar(select(func.count()).select_from(CspReport)) or 0) < MOST_KINDS:
                    report = CspReport(**violation._asdict(), count=1, last_at=self._now())
                    session.add(report)
        except IntegrityError:  # another report of the same kind was quicker
            with self._database.write_session() as session:
                session.execute(counting)

    def all(self) -> list[CspReport]:
        """Every kind of violation, the latest first."""
        with self._database.read_session() as session:
            return list(session.scalars(select(CspReport).order_by(CspReport.last_at.desc())))

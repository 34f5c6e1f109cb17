"""CSP reports: counts what browsers blocked on our pages, so that an attack or a mistake shows."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from storefront.ops.models import CspReport
from storefront.payments.database import Database

#: Kinds of reports that are stored. An honest shop has far fewer; a flood of forged ones ends here.
MAX_KINDS = 500

#: Longer directives and origins are cut.
MAX_LENGTH = 100


class Violation(NamedTuple):
    """One report, reduced to what may be stored: no path and no query of an address."""

    directive: str
    blocked: str
    page: str


def parse_violations(body: object) -> Iterator[Violation]:
    """The violations in a report in the old (`report-uri`) or the new (`report-to`) format."""
    for report in body if isinstance(body, list) else [body]:
        if not isinstance(report, Mapping):
            continue
        fields = report.get("csp-report", report.get("body"))
        if isinstance(fields, Mapping):
            yield Violation(
                _plain(
                    _first(
                        fields, "effective-directive", "effectiveDirective", "violated-directive"
                    )
                ),
                _origin(_first(fields, "blocked-uri", "blockedURL")),
                _path(_first(fields, "document-uri", "documentURL")),
            )


def _first(fields: Mapping[str, Any], *names: str) -> str:
    found = (fields[name] for name in names if isinstance(fields.get(name), str))
    return next(found, "")


def _plain(value: str) -> str:
    return "".join(c for c in value if c.isascii() and (c.isalnum() or c in "-./: "))[:MAX_LENGTH]


def _origin(url: str) -> str:
    """The origin of the blocked resource, or a keyword such as `inline`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "unreadable"
    return _plain(f"{parts.scheme}://{parts.netloc}" if parts.netloc else url.partition(":")[0])


def _path(url: str) -> str:
    """The first segment of the page's path; the rest may name an order."""
    try:
        return _plain("/" + urlsplit(url).path.strip("/").partition("/")[0])
    except ValueError:
        return "unreadable"


class CspReports:
    """Counts violations by directive, origin and page."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def record(self, violation: Violation) -> None:
        """Count a violation; a new kind beyond `MAX_KINDS` is dropped."""
        increment = (
            update(CspReport)
            .where(
                CspReport.directive == violation.directive,
                CspReport.blocked == violation.blocked,
                CspReport.page == violation.page,
            )
            .values(count=CspReport.count + 1, last_at=self._now())
        )
        try:
            with self._database.write_session() as session:
                if session.execute(increment.returning(CspReport.count)).first():
                    return
                if (session.scalar(select(func.count()).select_from(CspReport)) or 0) < MAX_KINDS:
                    report = CspReport(**violation._asdict(), count=1, last_at=self._now())
                    session.add(report)
        except IntegrityError:  # a concurrent report was the first of this kind
            with self._database.write_session() as session:
                session.execute(increment)

    def all(self) -> list[CspReport]:
        """Every kind of violation, the latest first."""
        with self._database.read_session() as session:
            return list(session.scalars(select(CspReport).order_by(CspReport.last_at.desc())))

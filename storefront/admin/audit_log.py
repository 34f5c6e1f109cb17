"""The audit log: what each member of staff did."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from storefront.admin.audit_rows import AuditRow, audit_rows
from storefront.admin.models import AuditEntry
from storefront.admin.pagination import Page, newest_first
from storefront.payments.database import Database

#: The action of a note.
NOTE = "note"


class AuditLog:
    """Records and lists the actions of staff."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def record(
        self, actor: str, action: str, *, order_number: str | None = None, detail: str = ""
    ) -> None:
        """Record an action, before it is carried out.

        Args:
            actor: the email of the member of staff.
            action: what they are about to do.
            order_number: the order that it concerns, if it concerns one.
            detail: for example an amount.
        """
        entry = AuditEntry(
            at=self._now(), actor=actor, action=action, order_number=order_number, detail=detail
        )
        with self._database.write_session() as session:
            session.add(entry)

    def add_note(self, actor: str, order_number: str, note: str) -> None:
        """Keep what a member of staff notes about an order."""
        self.record(actor, NOTE, order_number=order_number, detail=note)

    def notes(self, order_number: str) -> list[AuditEntry]:
        """The notes about an order, oldest first."""
        found = (
            select(AuditEntry)
            .where(AuditEntry.order_number == order_number, AuditEntry.action == NOTE)
            .order_by(AuditEntry.id)
        )
        with self._database.read_session() as session:
            return list(session.scalars(found))

    def entries(self, before: int | None = None) -> Page[AuditRow]:
        """One page of the log, newest first."""
        with self._database.read_session() as session:
            page: Page[AuditEntry] = newest_first(
                session,
                select(AuditEntry),
                time=AuditEntry.at,
                key=AuditEntry.id,
                before=before,
            )
            return Page(audit_rows(session, page.rows), page.next_before)

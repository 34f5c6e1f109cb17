"""The rows of the audit log as staff read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from storefront.admin.labels import (
    DISCARD_TASK,
    REPLAY_WEBHOOK,
    RETRY_TASK,
    action_label,
    subject_name,
    task_label,
)
from storefront.admin.models import AuditEntry
from storefront.admin.subjects import Subject, subjects_of

#: An id with what it is the id of.
NamedId = tuple[str, str]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One action of staff in words."""

    at: datetime
    actor: str
    action: str
    detail: str
    order_number: str | None
    ids: tuple[NamedId, ...] = ()


def audit_rows(session: Session, entries: Iterable[AuditEntry]) -> list[AuditRow]:
    """The rows of some entries, in the same order."""
    split = [(entry, *_detail_and_id(entry)) for entry in entries]
    subjects = subjects_of(session, {subject for *_, (_, subject) in split if subject})
    rows = []
    for entry, detail, (name, subject) in split:
        order_number, charge_id = subjects.get(subject, Subject())
        ids = [(name, subject), ("Charge", charge_id)]
        rows.append(
            AuditRow(
                entry.at,
                entry.actor,
                action_label(entry.action),
                detail,
                entry.order_number or order_number,
                tuple((name, each) for name, each in ids if each and each != order_number),
            )
        )
    return rows


def _detail_and_id(entry: AuditEntry) -> tuple[str, NamedId]:
    """The detail of an entry in words, and the id in it, if there is one."""
    if entry.action in {RETRY_TASK, DISCARD_TASK}:
        kind, _, subject = entry.detail.partition(" ")
        return task_label(kind), (subject_name(kind), subject.partition(" ")[0])
    if entry.action == REPLAY_WEBHOOK:
        return "", ("Webhook", entry.detail)
    return entry.detail, ("", "")

"""The order and the charge behind an id: of an attempt, a charge, a webhook or a dispute."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storefront.payments import tables

_ATTEMPTS, _PAYMENTS = tables.attempts.c, tables.payments.c


class Subject(NamedTuple):
    """What an id is about, as far as that is known."""

    order_number: str | None = None
    charge_id: str | None = None


def subjects_of(session: Session, ids: Collection[str]) -> dict[str, Subject]:
    """The subject of each id; the number of an order is an id too."""
    if not ids:
        return {}
    found = select(_PAYMENTS.reference).where(_PAYMENTS.reference.in_(ids))
    subjects = {number: Subject(number) for number in session.scalars(found)}
    charge_ids = _charge_ids(session, ids)
    attempts = (
        select(_ATTEMPTS.key, _ATTEMPTS.charge_id, _PAYMENTS.reference)
        .join(tables.attempts, _ATTEMPTS.payment_id == _PAYMENTS.id)
        .where(or_(_ATTEMPTS.key.in_(ids), _ATTEMPTS.charge_id.in_(charge_ids.values())))
    )
    for key, charge_id, number in session.execute(attempts):
        named = [key, *(each for each, charge in charge_ids.items() if charge == charge_id)]
        subjects |= dict.fromkeys(named, Subject(number, charge_id))
    return {each: subjects.get(each, Subject()) for each in ids}


def _charge_ids(session: Session, ids: Collection[str]) -> dict[str, str]:
    """The charge of each id; that of a charge is itself."""
    charge_ids = {each: each for each in ids}
    for table in (tables.webhook_events, tables.disputes):
        found = select(table.c.id, table.c.charge_id).where(
            table.c.id.in_(ids), table.c.charge_id.is_not(None)
        )
        charge_ids |= {row[0]: row[1] for row in session.execute(found)}
    return charge_ids

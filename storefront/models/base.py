"""What all tables share."""

from enum import StrEnum
from typing import ClassVar, cast

from sqlalchemy import Enum, Index, text
from sqlalchemy import Table as CoreTable
from sqlalchemy.orm import DeclarativeBase, Mapped

from storefront.payments.statuses import AttemptKind, AttemptState, OrderStatus


class EventState(StrEnum):
    """What became of a webhook."""

    RECEIVED = "received"  #: kept, not yet acted on
    APPLIED = "applied"  #: its charge was read anew and applied
    PARKED = "parked"  #: of a charge that no order knows; it is tried again
    IGNORED = "ignored"  #: of no concern to an order


class TaskKind(StrEnum):
    """What the worker can do."""

    RESOLVE_ATTEMPT = "resolve_attempt"
    READ_EVENT = "read_event"
    GIVE_BACK = "give_back"
    SEND_RECEIPT = "send_receipt"
    READ_HOLD = "read_hold"


def _states(kind: type[StrEnum]) -> Enum:
    """States are kept as their plain words, so that a new one needs no change of type."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        values_callable=lambda kind: [state.value for state in kind],
    )


class Table(DeclarativeBase):
    """What all tables share."""

    type_annotation_map: ClassVar = {
        OrderStatus: _states(OrderStatus),
        AttemptKind: _states(AttemptKind),
        AttemptState: _states(AttemptState),
        EventState: _states(EventState),
        TaskKind: _states(TaskKind),
    }

    @classmethod
    def core(cls) -> CoreTable:
        """The table by itself, for statements that are put together once and load no objects."""
        return cast(CoreTable, cls.__table__)


class Traced:
    """Who stands behind a try, as far as it is known; the shield counts by each of these."""

    account: Mapped[str | None]
    session_key: Mapped[str | None]
    network: Mapped[str | None]
    email: Mapped[str | None]
    #: The card's fingerprint, the same for every token of one card.
    card: Mapped[str | None]


#: The columns of `Traced`.
TRACES = ("account", "session_key", "network", "email", "card")


def by_traces(table: str) -> list[Index]:
    """Indexes by which the shield finds somebody's tries; those of nobody known are not in them."""
    known = {name: text(f"{name} IS NOT NULL") for name in TRACES}
    return [
        Index(
            f"ix_{table}_{name}",
            name,
            "created_at",
            sqlite_where=is_known,
            postgresql_where=is_known,
        )
        for name, is_known in known.items()
    ]

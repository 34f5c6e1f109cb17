"""Search: the texts and the filters of each scope, as tables.

Filters, words for yes and no, newest first, substrings and main units of amounts:
docs.omise.co/search-query-and-filters. Times are UTC, and open ranges are allowed (assumed).
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from omise_sandbox.rules.charge_states import CHARGE_STATES, FAILURES
from omise_sandbox.rules.errors import ApiError
from omise_sandbox.serializers.qr_codes import WITHOUT_DECIMALS
from omise_sandbox.storage.records import Charge, Customer

Test = Callable[[Any], bool]

YES, NO = ("true", "yes", "on", "t", "1"), ("false", "no", "off", "f", "0")


class Span(NamedTuple):
    """A range, both ends included; None is an open end."""

    low: Any
    high: Any

    def holds(self, value: Any) -> bool:  # noqa: ANN401 - a time or an amount
        """Whether the value lies in the range; None lies in no range."""
        if value is None or (self.low is not None and value < self.low):
            return False
        return self.high is None or bool(value <= self.high)


def flag(value_of: Callable[[Any], bool]) -> Callable[[str], Test]:
    """A filter by yes or no."""

    def read(value: str) -> Test:
        if value.lower() not in YES + NO:
            raise ApiError("invalid_filter")
        wanted = value.lower() in YES
        return lambda record: value_of(record) is wanted

    return read


def text(value_of: Callable[[Any], str | None]) -> Callable[[str], Test]:
    """A filter by exact text, ignoring case."""

    def read(value: str) -> Test:
        wanted = value.lower()
        return lambda record: (value_of(record) or "").lower() == wanted

    return read


def day(value_of: Callable[[Any], int | None]) -> Callable[[str], Test]:
    """A filter by date, or by a range of dates: `2025-01-01..2025-01-31`."""

    def read(value: str) -> Test:
        first, last = _ends(value)
        span = Span(_midnight(first), _midnight(last, days_later=1))
        end = None if span.high is None else span.high - 1
        return lambda record: Span(span.low, end).holds(value_of(record))

    return read


def amount(value_of: Callable[[Any], int]) -> Callable[[str], Test]:
    """A filter by amount in main units, or by a range of them: `10..20.50`."""

    def read(value: str) -> Test:
        span = Span(*map(_decimal, _ends(value)))
        return lambda record: span.holds(_main_units(value_of(record), record.currency))

    return read


def unsupported(value: str) -> Test:
    """A filter of Omise that no source explains."""
    raise ApiError("not_imitated")


def texts_of_charge(charge: Charge) -> Iterator[str | None]:
    """The texts of a charge that a query searches."""
    yield from (charge.id, charge.description, charge.customer)
    yield FAILURES.get(charge.failure_code or "")
    yield charge.card.name if charge.card else None
    yield from _values(charge.metadata)


def texts_of_customer(customer: Customer) -> Iterator[str | None]:
    """The texts of a customer that a query searches (assumed)."""
    yield from (customer.id, customer.email, customer.description)
    yield from (card.name for card in customer.cards)
    yield from _values(customer.metadata)


CHARGE_FILTERS: dict[str, Callable[[str], Test]] = {
    "amount": amount(lambda charge: charge.amount),
    "authorized": flag(lambda charge: CHARGE_STATES[charge.state].authorized),
    "authorized_at": day(lambda charge: charge.authorized_at),
    "capture": flag(lambda charge: charge.capture),
    "captured": flag(lambda charge: CHARGE_STATES[charge.state].paid),
    "captured_at": day(lambda charge: charge.paid_at),
    "card_last_digits": text(lambda charge: charge.card.last_digits if charge.card else None),
    "created": day(lambda charge: charge.created_at),
    "currency": text(lambda charge: charge.currency),
    "customer_present": unsupported,
    "disputed": flag(lambda charge: charge.dispute is not None),
    "failure_code": text(lambda charge: charge.failure_code),
    "refunded": flag(lambda charge: charge.refunded_amount > 0),
    "refund_amount": amount(lambda charge: charge.refunded_amount),
    "reversed": flag(lambda charge: CHARGE_STATES[charge.state].reversed),
    "source_of_fund": unsupported,
    "source_type": text(lambda charge: charge.source.type if charge.source else None),
    "status": text(lambda charge: CHARGE_STATES[charge.state].status),
    "voided": flag(lambda charge: CHARGE_STATES[charge.state].voided),
}
CUSTOMER_FILTERS: dict[str, Callable[[str], Test]] = {
    "created": day(lambda customer: customer.created_at),
}


def _values(metadata: dict[str, Any] | None) -> Iterator[str]:
    yield from map(str, (metadata or {}).values())


def _ends(value: str) -> tuple[str, str]:
    low, dots, high = value.partition("..")
    if not low and not high:
        raise ApiError("invalid_filter")
    return (low, high) if dots else (value, value)


def _midnight(date: str, days_later: int = 0) -> int | None:
    if not date:
        return None
    try:
        start = datetime.strptime(date.replace("/", "-"), "%Y-%m-%d").replace(tzinfo=UTC)
        return int((start + timedelta(days=days_later)).timestamp())
    except (ValueError, OverflowError) as error:
        raise ApiError("invalid_filter") from error


def _decimal(value: str) -> Decimal | None:
    if not value:
        return None
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ApiError("invalid_filter") from error
    if not number.is_finite():
        raise ApiError("invalid_filter")
    return number


def _main_units(subunits: int, currency: str) -> Decimal:
    return Decimal(subunits) if currency in WITHOUT_DECIMALS else Decimal(subunits) / 100

"""How long a page waits for Omise: one budget for all the GETs of a request.

Within a budget a GET is sent once, and only while the bulkhead admits it (bulkhead.py). Without
one, as in the worker, a GET is retried. Other methods do not depend on it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from .errors import OmiseUnreachable

#: Seconds in which no GET can succeed; with less the budget is used up.
MIN_SECONDS = 0.01


class Budget:
    """The seconds that are left for GETs."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    @contextmanager
    def spend(self) -> Iterator[float]:
        """The seconds that a GET may take; what it took is spent.

        Raises:
            OmiseUnreachable: nothing is left, so nothing is sent.
        """
        if self._left < MIN_SECONDS:
            raise OmiseUnreachable("the page has waited long enough")
        began = monotonic()
        try:
            yield self._left
        finally:
            self._left -= monotonic() - began


_BUDGET: ContextVar[Budget | None] = ContextVar("omise_budget", default=None)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Let the GETs inside of it take so long at most, all together."""
    token = _BUDGET.set(Budget(seconds))
    try:
        yield
    finally:
        _BUDGET.reset(token)


def current_budget() -> Budget | None:
    """The budget of the page; None in a worker or a command."""
    return _BUDGET.get()

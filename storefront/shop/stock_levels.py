"""The stock as the catalogue shows it: a few seconds old, and never waited for.

The home page and the product pages answer even while the database hangs.
"""

from collections.abc import Callable, Mapping
from threading import Lock, Thread
from time import monotonic

import structlog
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger()

#: For so long the levels are shown without being read again, in seconds.
MAX_AGE = 5.0

#: So long a page waits for them, in seconds; then it shows the last ones.
PATIENCE = 0.4


class StockLevels:
    """Levels that are read in a thread of their own, one at a time.

    Args:
        read: reads how many are available of each product that is counted.
        max_age: in seconds.
        patience: in seconds.
    """

    def __init__(
        self,
        read: Callable[[], Mapping[str, int]],
        *,
        max_age: float = MAX_AGE,
        patience: float = PATIENCE,
    ) -> None:
        self._read = read
        self._max_age = max_age
        self._patience = patience
        self._lock = Lock()
        self._levels: Mapping[str, int] = {}
        self._asked_at = float("-inf")
        self._reader: Thread | None = None

    def current(self, *, max_age: float | None = None) -> Mapping[str, int]:
        """The levels, or the last ones if they cannot be read in time; a product may be missing.

        Args:
            max_age: how old they may be, in seconds; by default that of the home page.
        """
        if reader := self._start(self._max_age if max_age is None else max_age):
            reader.join(self._patience)
        return self._levels

    def _start(self, max_age: float) -> Thread | None:
        """The thread that reads the levels, if they are old and none reads them yet."""
        with self._lock:
            is_reading = self._reader is not None and self._reader.is_alive()
            if is_reading or monotonic() - self._asked_at < max_age:
                return None
            self._asked_at = monotonic()
            self._reader = Thread(target=self._update, daemon=True)
            self._reader.start()
            return self._reader

    def _update(self) -> None:
        try:
            self._levels = self._read()
        except SQLAlchemyError as error:
            log.warning("stock_levels_not_read", error=type(error).__name__)

"""Ids in Omise's format that sort by creation time.

Format from recordings: a prefix, ``test`` unless live, and 19 characters of base 36 whose first
ones follow the clock.
"""

from hashlib import blake2b
from random import Random

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
PAIRS = tuple(high + low for high in DIGITS for low in DIGITS)
#: An id is ten digits of time in microseconds, valid until 2085, and nine random digits.
TAIL_SPAN = 36**9
#: Microseconds for which the first seven digits of the time stay the same.
EPOCH = 36**3


class Ids:
    """Generates ids: the same seed and the same clock give the same ids."""

    def __init__(self, seed: int | None, *, livemode: bool) -> None:
        self._mode = "" if livemode else "test_"
        self._tick = 0
        self._epoch, self._start = -1, ""
        self.reseed(seed)

    def reseed(self, seed: int | None) -> None:
        """Restart the sequence of the seed; without a seed, an unpredictable one."""
        self._random = Random(seed).random  # noqa: S311 - ids must repeat, not be secret

    def new(self, prefix: str, now: float) -> str:
        """A new id such as ``chrg_test_mi4…``, greater than every earlier one."""
        tick = int(now * 1_000_000)
        if tick <= self._tick:
            tick = self._tick + 1
        self._tick = tick
        epoch = tick // EPOCH
        if epoch != self._epoch:
            self._epoch, self._start = epoch, f"{self._mode}{base36(epoch)[-7:]}"
        moment = tick % EPOCH
        tail = base36(int(self._random() * TAIL_SPAN))
        return f"{prefix}_{self._start}{DIGITS[moment // 1296]}{PAIRS[moment % 1296]}{tail}"

    def continue_after(self, known_id: str) -> None:
        """Generate only ids that sort after this one (used when loading)."""
        self._tick = max(self._tick, int(known_id[-19:-9], 36))


def keyed(known_id: str, key: str) -> str:
    """The id with its random part derived from a key: unpredictable without the key."""
    digest = blake2b(known_id.encode(), key=key.encode()[:64], digest_size=8).digest()
    return known_id[:-9] + base36(int.from_bytes(digest) % TAIL_SPAN)


def base36(number: int) -> str:
    """Nine digits of base 36, two at a time."""
    high, low = number // 1296**2, number % 1296**2
    first = f"{DIGITS[high // 1296**2]}{PAIRS[high // 1296 % 1296]}{PAIRS[high % 1296]}"
    return f"{first}{PAIRS[low // 1296]}{PAIRS[low % 1296]}"

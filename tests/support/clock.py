"""A clock that stands still."""

from datetime import UTC, datetime, timedelta


class StandingClock:
    """A clock that only a test advances, however slow the machine is."""

    def __init__(self):
        self.at = datetime.now(UTC)

    def __call__(self):
        return self.at

    def advance(self, seconds):
        """Advance the time of the shop."""
        self.at += timedelta(seconds=seconds)

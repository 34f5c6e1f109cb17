"""The table of velocity limits: how many failures each action allows, by payer identifier."""

from datetime import timedelta
from typing import NamedTuple

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

#: The actions that are limited.
PAYMENT, LOGIN, STAFF_LOGIN, SIGNUP = "payment", "login", "staff_login", "signup"
MAIL_LINK = "mail_link"

#: Actions that count even if they succeed: what is limited are accounts and mails.
ALWAYS_COUNTED = frozenset({SIGNUP, MAIL_LINK})

#: Counts the failures of all payers together.
ALL_PAYERS = "all_payers"


class Limit(NamedTuple):
    """The failures allowed within a window, and the pause that each further one doubles."""

    allowed: int
    window: timedelta = HOUR
    pause: timedelta = MINUTE
    max_pause: timedelta = HOUR

    def pause_after(self, failures: int) -> timedelta:
        """How long a payer waits after that many failures."""
        excess = failures - self.allowed
        if excess < 0:
            return timedelta(0)
        return min(self.pause * (1 << min(excess, 20)), self.max_pause)


LOGINS = {
    "network": Limit(60, 15 * MINUTE),
    "email": Limit(10, 15 * MINUTE, max_pause=15 * MINUTE),
    "session_key": Limit(10, 15 * MINUTE),
}

#: The limit of a network while the declines of all payers are an attack: a first decline in it
#: makes it wait, and a network without any does not.
UNDER_ATTACK = Limit(1)

#: How long a payer is asked to wait for payments under way.
RETRY_AFTER = timedelta(seconds=5)

#: Limits that a payer shares with strangers; a known browser is exempt from them.
SHARED = frozenset({"network", "email", ALL_PAYERS})

#: Action → payer identifier → limit.
LIMITS: dict[str, dict[str, Limit]] = {
    PAYMENT: {
        "account": Limit(8),
        "session_key": Limit(8),
        "network": Limit(30),
        "card": Limit(30),
        # So many declines of all payers together are an attack. Then each network has UNDER_ATTACK;
        # only payers whose network is not known wait for each other, shortly.
        ALL_PAYERS: Limit(50, 10 * MINUTE, timedelta(seconds=15), 2 * MINUTE),
    },
    LOGIN: LOGINS,
    STAFF_LOGIN: LOGINS,
    SIGNUP: {"network": Limit(30), "session_key": Limit(10)},
    MAIL_LINK: {"network": Limit(30), "email": Limit(5), "session_key": Limit(10)},
}

#: Older actions do not count, and are deleted.
RETENTION = max(limit.window for limits in LIMITS.values() for limit in limits.values())

#: A sign-up with a taken email counts as this many: the form cannot hide that the email has an
#: account, but probing many emails becomes slow.
TAKEN_EMAIL_PENALTY = 3

#: Failure codes of payments that say nothing about the card.
IGNORED_CODES = (
    "authentication_failure",
    "card_not_saved",
    "never_arrived",
    "not_found",
    "payment_cancelled",
    "timeout",
    "token_expired",
    "token_not_found",
    "too_many_requests",
    "unreachable",
    "used_token",
)

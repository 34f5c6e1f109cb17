"""Password rules, and hashing with argon2id."""

import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from storefront.payments.i18n import Message
from storefront.payments.i18n import gettext_noop as _

#: The first choice of OWASP's password storage cheat sheet for argon2id. Higher costs would let an
#: attacker who guesses passwords keep the machine busy.
TIME_COST, MEMORY_COST, PARALLELISM = 2, 19 * 1024, 1

MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 200


def password_error(password: str) -> Message | None:
    """Why a new password is rejected; None if it is accepted."""
    if MIN_PASSWORD_LENGTH <= len(_composed(password)) <= MAX_PASSWORD_LENGTH:
        return None
    return _("Password must be at least %(least)s characters.", least=MIN_PASSWORD_LENGTH)


def _composed(password: str) -> str:
    """The password with composed letters (NFC): keyboards write an é in one part or in two."""
    return unicodedata.normalize("NFC", password)


class Passwords:
    """Hashes passwords and verifies them.

    Args:
        hasher: the argon2 parameters; tests pass cheaper ones.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self.hasher = hasher or PasswordHasher(TIME_COST, MEMORY_COST, PARALLELISM)

    @cached_property
    def _dummy_hash(self) -> str:
        """Verified when there is no account, so that both answers take equally long."""
        return self.hasher.hash("not the password of any account")

    def hash(self, password: str) -> str:
        """The hash to store."""
        return self.hasher.hash(_composed(password))

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password matches; False without a hash, in the same time."""
        try:
            self.hasher.verify(password_hash or self._dummy_hash, _composed(password))
        except (VerifyMismatchError, InvalidHashError):
            return False
        return password_hash is not None

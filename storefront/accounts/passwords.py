"""Password rules, and hashing with argon2id."""

import gzip
import unicodedata
from functools import cache, cached_property
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from storefront.payments.i18n import Message
from storefront.payments.i18n import gettext_noop as _

#: The first choice of OWASP's password storage cheat sheet for argon2id. Higher costs would let an
#: attacker who guesses passwords keep the machine busy.
TIME_COST, MEMORY_COST, PARALLELISM = 2, 19 * 1024, 1

MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 200

#: The passwords of this length that leaked most often, from the lists of Django and zxcvbn.
COMMON_PASSWORDS = Path(__file__).parent / "common_passwords.txt.gz"


def password_error(password: str, *, email: str = "") -> Message | None:
    """Why a new password is rejected; None if it is accepted.

    Args:
        password: what the shopper chose.
        email: of the account, which is no password.
    """
    if not MIN_PASSWORD_LENGTH <= len(_composed(password)) <= MAX_PASSWORD_LENGTH:
        return _("Password must be at least %(least)s characters.", least=MIN_PASSWORD_LENGTH)
    plain = _composed(password).strip().lower()
    if plain in common_passwords() or plain in {email, email.partition("@")[0]}:
        return _("This password is easy to guess. Choose another one.")
    return None


@cache
def common_passwords() -> frozenset[str]:
    """The passwords that attackers try first, in lower case."""
    return frozenset(gzip.decompress(COMMON_PASSWORDS.read_bytes()).decode().splitlines())


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

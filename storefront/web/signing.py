"""Signed cookies that stay valid when the clock of the server is set back."""

from datetime import datetime
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class ClockTolerantSigner(TimestampSigner):
    """Accepts a signature from the future: only the server's own clock can have made it."""

    def unsign(  # type: ignore[override]  # overloaded in the base class
        self, signed_value: str | bytes, max_age: int | None = None, **options: bool
    ) -> Any:  # noqa: ANN401
        """The value, unless it is forged or older than `max_age` seconds."""
        try:
            return super().unsign(signed_value, max_age, **options)  # type: ignore[call-overload]
        except SignatureExpired as error:
            if error.date_signed is None or error.date_signed <= self._today():
                raise
            return super().unsign(signed_value, None, **options)  # type: ignore[call-overload]

    def _today(self) -> datetime:
        return self.timestamp_to_datetime(self.get_timestamp())


class SessionInterface(SecureCookieSessionInterface):
    """Flask's session cookie, with that signer; the serializer is built once for each set of keys.

    Flask builds one for each reading and each writing.
    """

    def __init__(self) -> None:
        self._built: tuple[tuple[str, ...], URLSafeTimedSerializer | None] = ((), None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the session cookie."""
        keys = secret_keys(app)
        built_for, serializer = self._built
        if keys != built_for:
            serializer = super().get_signing_serializer(app)
            if serializer:
                serializer.signer = ClockTolerantSigner
            self._built = keys, serializer
        return serializer


def secret_keys(app: Flask) -> tuple[str, ...]:
    """The keys that may have signed a cookie, the one that signs now at the end."""
    return (*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.config["SECRET_KEY"])

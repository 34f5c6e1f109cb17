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
    """Flask's session cookie, with that signer."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the session cookie."""
        serializer = super().get_signing_serializer(app)
        if serializer:
            serializer.signer = ClockTolerantSigner
        return serializer

"""What the engine takes from the host, besides its own settings (settings.py)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from .errors import InvalidSetting


def public_url(config: Mapping[str, Any]) -> str:
    """Where shoppers reach the host; Omise accepts no charge without an address to return to.

    Raises:
        InvalidSetting: it is not known.
    """
    url = str(config.get("PUBLIC_URL") or "").strip().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidSetting(
            f"PUBLIC_URL is {url or 'not set'}: write the address at which shoppers reach the "
            "shop, such as https://shop.example"
        )
    return url


def database_url(config: Mapping[str, Any], extensions: Mapping[str, Any]) -> str:
    """The database of the host.

    Raises:
        InvalidSetting: it is not known, or is in memory, where no second connection sees it.
    """
    if host := extensions.get("sqlalchemy"):
        url: str = host.engine.url.render_as_string(hide_password=False)
    else:
        url = str(config.get("SQLALCHEMY_DATABASE_URI") or config.get("DATABASE_URL") or "")
    if not url or url in {"sqlite://", "sqlite:///:memory:"}:
        raise InvalidSetting("set DATABASE_URL to a PostgreSQL database or a SQLite file")
    return url


def signing_secrets(config: Mapping[str, Any]) -> list[str]:
    """The secret key of the app and those it replaced."""
    return [config["SECRET_KEY"], *(config.get("SECRET_KEY_FALLBACKS") or [])]


def roll_back_session(extensions: Mapping[str, Any]) -> None:
    """Make the session of Flask-SQLAlchemy usable again after an error, if the host has one."""
    if host := extensions.get("sqlalchemy"):
        host.session.rollback()

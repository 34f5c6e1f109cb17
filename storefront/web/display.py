"""What templates may call: money and times as people read them, addresses of static files."""

import hashlib
from datetime import datetime
from pathlib import Path

from babel.dates import format_datetime
from flask import Flask, Response, send_from_directory, url_for
from flask_login import current_user
from jinja2 import StrictUndefined

from storefront.money import Money
from storefront.settings import Settings

from .session import cart

SHOP_NAME = "Lantern & Loom"

A_YEAR = 365 * 24 * 3600


def init_app(app: Flask, settings: Settings, static: Path) -> None:
    """Set up the templates and the static files of the app."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    locale, version = settings.store_locale, version_of(static)

    @app.template_filter("money")
    def money(value: Money) -> str:
        return value.format(locale)

    @app.template_filter("when")
    def when(value: datetime) -> str:
        return f"{format_datetime(value, 'd MMM y, HH:mm', locale=locale)} UTC"

    @app.template_global("asset")
    def asset(path: str) -> str:
        return url_for("static", version=version, path=path)

    @app.context_processor
    def everywhere() -> dict[str, object]:
        return {
            "shop_name": SHOP_NAME,
            "test_mode": not settings.livemode,
            "cart_count": cart().count,
            "current_user": current_user,
        }

    @app.get("/static/<version>/<path:path>", endpoint="static")
    def file(version: str, path: str) -> Response:
        answer = send_from_directory(static, path, max_age=A_YEAR)
        answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        return answer


def version_of(folder: Path) -> str:
    """A name for the present contents of a folder: another file, another name."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]

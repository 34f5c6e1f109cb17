"""What templates may call: money and times as people read them, and who is reading."""

from datetime import datetime

from babel.dates import format_datetime
from flask import Flask
from flask_login import current_user
from jinja2 import StrictUndefined

from storefront.money import Money
from storefront.settings import Settings

from .session import cart

SHOP_NAME = "Lantern & Loom"


def init_app(app: Flask, settings: Settings) -> None:
    """Set up the templates of the app."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    locale = settings.store_locale

    @app.template_filter("money")
    def money(value: Money) -> str:
        return value.format(locale)

    @app.template_filter("when")
    def when(value: datetime) -> str:
        return f"{format_datetime(value, 'd MMM y, HH:mm', locale=locale)} UTC"

    @app.context_processor
    def everywhere() -> dict[str, object]:
        return {
            "shop_name": SHOP_NAME,
            "test_mode": not settings.livemode,
            "cart_count": cart().count,
            "current_user": current_user,
        }

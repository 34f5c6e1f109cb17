"""What templates may call: money and times as people read them, and who is reading."""

from datetime import datetime

from babel.dates import format_datetime
from flask import Flask, request, url_for
from flask_login import current_user
from jinja2 import StrictUndefined

from storefront.fraud.card_numbers import contains_card_number
from storefront.payments.money import Money
from storefront.settings import LANGUAGES, Settings
from storefront.web.language import NAMES, language
from storefront.web.session import cart

SHOP_NAME = "Lantern & Loom"

#: How a time is written in each language.
WHEN = {"en": "d MMM y, HH:mm", "th": "d MMM y HH:mm", "ja": "y/MM/dd HH:mm"}


def init_app(app: Flask, settings: Settings) -> None:
    """Set up the templates of the app."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.template_filter("money")
    def money(value: Money) -> str:
        return value.format(language())

    @app.template_filter("when")
    def when(value: datetime) -> str:
        return f"{format_datetime(value, WHEN[language()], locale=language())} UTC"

    @app.context_processor
    def everywhere() -> dict[str, object]:
        return {
            "shop_name": SHOP_NAME,
            "test_mode": not settings.livemode,
            "cart_count": cart().count,
            "current_user": current_user,
            "language": language(),
            "here": here(),
            "languages": [(name, NAMES[name]) for name in LANGUAGES],
        }


def here() -> str:
    """Where a form that is on every page leads back to; never a number that was refused."""
    can_return = request.method == "GET" and not contains_card_number(request.path)
    return request.path if can_return else url_for("shop.index")

"""What every template can use: filters for money and times, and who is reading."""

from datetime import datetime
from decimal import Decimal
from functools import cache, partial
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_location
from babel.numbers import format_percent
from flask import Flask
from flask_login import current_user
from jinja2 import StrictUndefined

from storefront.container import services
from storefront.payments.methods import METHODS
from storefront.payments.money import Money
from storefront.setting_checks import CARDHOLDER_FIELDS
from storefront.settings import LANGUAGES, Settings
from storefront.web import information
from storefront.web.delivery import country_name
from storefront.web.language import LANGUAGE_NAMES, language
from storefront.web.redirects import current_path
from storefront.web.session import cart

SHOP_NAME = "Lantern & Loom"

#: The format of a time in each language.
TIME_FORMATS = {"en": "d MMM y, HH:mm", "th": "d MMM y HH:mm น.", "ja": "y/MM/dd HH:mm"}

#: The time zone that readers of a language expect, and that is not named to them.
EXPECTED_ZONES = {"th": "Asia/Bangkok", "ja": "Asia/Tokyo"}


def init_app(app: Flask, settings: Settings) -> None:
    """Set up the templates of the app."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.template_filter("country")(country_name)
    app.template_filter("method_label")(method_label)
    app.template_filter("money")(format_money)
    app.template_filter("picture")(picture)
    app.template_filter("rate")(format_rate)
    app.template_filter("precise")(partial(format_precisely, settings.timezone))
    app.template_filter("when")(partial(format_time, settings.timezone))
    sent = {
        field
        for name in settings.cardholder_fields.split(",")
        for field in CARDHOLDER_FIELDS.get(name, ())
    }
    app.template_global("token_field")(lambda name: name if name in sent else "")
    app.template_test("in_catalogue")(lambda sku: sku in services().catalogue)

    @app.context_processor
    def template_globals() -> dict[str, object]:
        return {
            "shop_name": SHOP_NAME,
            "test_mode": not settings.livemode,
            "inspector_url": settings.inspector_url,
            "cart_count": cart().count,
            "information_titles": information.TITLES,
            "delivers": settings.delivery,
            "tax_basis_points": settings.tax_basis_points,
            "current_user": current_user,
            "language": language(),
            "current_path": current_path(),
            "languages": [(name, LANGUAGE_NAMES[name]) for name in LANGUAGES],
        }


def format_money(value: Money) -> str:
    """An amount as it is written in the language of this page."""
    return value.format(language())


def method_label(name: str) -> str:
    """What the shop calls a payment method; its name at Omise if the shop does not know it."""
    return METHODS[name].label if name in METHODS else name


def picture(sku: str) -> str:
    """The path of the picture of a product among the static files."""
    return services().catalogue.product(sku).picture


def format_rate(basis_points: int) -> str:
    """A rate in hundredths of a percent, such as 7% for 700."""
    return format_percent(Decimal(basis_points) / 10_000, "#,##0.##%", locale=language())


def format_time(zone: ZoneInfo, value: datetime) -> str:
    """A time in the shop's time zone, as it is written in the language of this page."""
    code = language()
    text = format_datetime(value, TIME_FORMATS[code], tzinfo=zone, locale=code)
    return text if zone.key == EXPECTED_ZONES.get(code) else f"{text} {zone_name(zone.key, code)}"


def format_precisely(zone: ZoneInfo, value: datetime) -> str:
    """A time in the shop's time zone, to the second, for staff."""
    text = format_datetime(value, "d MMM y, HH:mm:ss", tzinfo=zone, locale="en")
    return f"{text} {zone_name(zone.key, 'en')}"


@cache
def zone_name(zone: str, locale: str) -> str:
    """The name of a time zone as people say it, such as Bangkok time, or its key."""
    if "/" not in zone or zone.startswith("Etc/"):
        return zone
    if locale == "en":
        city = get_timezone_location(zone, locale=locale, return_city=True)
        return f"{city.rpartition('/')[2]} time"
    return get_timezone_location(zone, locale=locale)

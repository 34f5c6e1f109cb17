"""Builds the Flask app: configuration, services, blueprints, commands."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response
from flask_login import LoginManager

from storefront import cli
from storefront.container import build_services
from storefront.ops import logging
from storefront.payments.extension import OmisePayments
from storefront.settings import Settings
from storefront.web import (
    account_changes,
    account_mail,
    accounts,
    card_form,
    cards,
    cart,
    catalogue,
    checkout,
    error_handlers,
    information,
    language,
    mail,
    ops,
    order_links,
    orders,
    recovery,
    saved_address,
    security,
    session,
    static_files,
    template_globals,
)
from storefront.web.admin import blueprint as admin
from storefront.web.signing import SessionInterface

ROOT = Path(__file__).parent.parent

#: The folders of static files, each with the prefix of its paths.
STATIC = {"": ROOT / "static", "omise/": ROOT / "storefront" / "payments" / "static"}

#: No other app on this host, such as one on another port of 127.0.0.1, uses this name.
COOKIE_NAME = "lantern_loom_session"

#: The largest request that any page sends, with room to spare.
MAX_REQUEST_BYTES = 64 * 1024


class Shop(Flask):
    """An app without coroutines, which Flask would look for in each function that it calls."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


def create_app(settings: Settings, *, now: Callable[[], datetime]) -> Flask:
    """The shop as those settings describe it."""
    app = Shop("storefront", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SECRET_KEY_FALLBACKS=settings.old_secret_keys,
        PUBLIC_URL=settings.public_url,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        SESSION_COOKIE_NAME=f"__Host-{COOKIE_NAME}" if settings.over_tls else COOKIE_NAME,
        SESSION_COOKIE_SECURE=settings.over_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",  # the shopper comes back from the bank by a link
    )
    app.session_interface = SessionInterface()
    services = build_services(
        settings,
        now,
        render_mail=partial(mail.render, app),
        render_shipment=partial(mail.render_shipment, app),
        render_account_mail=account_mail.renderer(app),
        render_link_mail=partial(mail.render_link, app),
        order_url=order_links.order_path,
    )
    app.extensions["shop"] = services
    logging.configure()
    logging.init_app(app)
    security.init_app(app, settings)
    language.init_app(app, settings)
    template_globals.init_app(app, settings)
    static_files.init_app(app, STATIC)
    error_handlers.init_app(app)
    init_login(app)
    cli.init_app(app)
    OmisePayments().init_app(app, engine=services.engine, presentation=card_form.presentation())
    for part in (
        catalogue,
        cart,
        checkout,
        orders,
        cards,
        accounts,
        account_changes,
        saved_address,
        recovery,
        language,
        information,
        ops,
        admin,
    ):
        app.register_blueprint(part.bp)
    return app


class Members(LoginManager):  # type: ignore[misc]  # flask-login has no types
    """Flask-Login without its cookie that outlives the session."""

    def _update_remember_cookie(self, response: Response) -> Response:
        """Do not read the session after each request, which makes the response vary by cookie."""
        return response


def init_login(app: Flask) -> None:
    """Let Flask-Login find the members."""
    Members(app).user_loader(session.load_member)

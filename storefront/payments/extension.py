"""The Flask extension: `OmisePayments`, its blueprint and commands. Only this module knows Flask.

Settings come from `app.config`, else from the environment: OMISE_PUBLIC_KEY, OMISE_SECRET_KEY,
OMISE_WEBHOOK_SECRET and PUBLIC_URL; the others of `PaymentSettings` have defaults.
"""

import os
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from threading import Lock
from typing import Any, cast

from click import Command
from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    get_template_attribute,
    has_request_context,
    jsonify,
    redirect,
    request,
    url_for,
)
from flask.cli import AppGroup, with_appcontext
from flask.typing import ResponseReturnValue
from itsdangerous import Signer
from sqlalchemy import MetaData

from . import commands, tables, transaction_guard, translations
from .card_form import CardForm, Presentation
from .database import Database
from .engine import PaymentEngine, build_engine
from .facade import PaymentsFacade
from .host import Hooks
from .host_checks import refused_requests
from .host_settings import database_url, public_url, roll_back_session, signing_secrets
from .models import Payment
from .omise import UntrustedEvent
from .omise.webhooks import SIGNATURE_HEADER, TIMESTAMP_HEADER
from .page_timeout import limit_pages
from .settings import PaymentSettings
from .statuses import IN_PROGRESS

NAME = "omise_payments"

#: A charge with all that Omise tells of it has a few kilobytes.
MAX_WEBHOOK_BYTES = 1024 * 1024


@dataclass(slots=True)
class _State:
    """What the extension keeps of one app."""

    hooks: Hooks
    url_prefix: str
    engine: PaymentEngine | None = None
    lock: Lock = field(default_factory=Lock)


class OmisePayments(PaymentsFacade):
    """The payment engine in a Flask app.

    Create one at module level, call `init_app` in the app factory, and register hooks with the
    decorators. Every method runs in an app context.
    """

    def __init__(self, app: Flask | None = None) -> None:
        super().__init__()
        if app is not None:
            self.init_app(app)

    def init_app(
        self,
        app: Flask,
        *,
        metadata: MetaData | None = None,
        engine: PaymentEngine | None = None,
        presentation: Presentation | None = None,
        url_prefix: str = "",
    ) -> None:
        """Attach the engine to an app: blueprint, commands, and `omise` in templates.

        Args:
            app: the app.
            metadata: of a host that uses Alembic or Flask-Migrate; gets copies of the tables, so
                that the host's migrations create them.
            engine: one that the host built itself, with hooks of its own. Such a host must not pay
                while it has uncommitted changes in a SQLite file (transaction_guard.py).
            presentation: of the card form; by default it is in the language of the browser.
            url_prefix: goes before the paths of the blueprint.
        """
        if metadata is not None:
            tables.copy_to(metadata)
        if engine is None:
            transaction_guard.watch()
        app.extensions[NAME] = _State(self._hooks, url_prefix, engine)
        app.register_blueprint(blueprint, url_prefix=url_prefix or None)
        app.jinja_env.globals["omise"] = CardForm(
            lambda: _engine().settings, presentation or PRESENTATION, render_card_form
        )
        app.wsgi_app = limit_pages(app.wsgi_app)  # type: ignore[assignment,method-assign]
        group = AppGroup("omise", help="Payments with Omise.")
        for command in build_commands(_engine):
            group.add_command(command)
        app.cli.add_command(group)

    @property
    def engine(self) -> PaymentEngine:
        """The engine of the current app, built on first use."""
        return _engine()

    @property
    def client_ip(self) -> str | None:
        """The address of the shopper of the current request."""
        return request.remote_addr if has_request_context() else None


def build_commands(engine: Callable[[], PaymentEngine]) -> Iterator[Command]:
    """The commands of the engine, each in an app context."""
    for command in commands.build(engine, _host_problems):
        command.callback = with_appcontext(cast(Callable[..., Any], command.callback))
        yield command


def _host_problems() -> Iterator[str]:
    """What the host does to the requests of Omise and of banks."""
    yield from refused_requests(
        current_app.test_client(use_cookies=False),
        public_url=public_url(_config(current_app)),
        webhook=f"{_state().url_prefix}/webhooks/omise",
        bank_return=return_path("check"),
    )


# The card form


def render_card_form(**options: object) -> object:
    """The complete card form, as markup."""
    return get_template_attribute("omise/card_form.html", "card_form")(**options)


def browser_language() -> str:
    """The language of the engine that the browser prefers."""
    return translations.preferred_language(request.accept_languages, translations.LANGUAGES) or "en"


def translate(message: str) -> str:
    """A message of the engine in the language that the browser prefers."""
    return translations.translate(message, translations.catalogue(browser_language()).gettext)


def asset_url(path: str) -> str:
    """The URL of a file in `static/`, at the blueprint."""
    return url_for("omise.static", filename=path)


#: How the card form is shown in a host that says nothing else.
PRESENTATION = Presentation(translate=translate, language=browser_language, asset=asset_url)


# The blueprint

blueprint = Blueprint(
    "omise",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/payments/static",
)


@blueprint.url_value_preprocessor
def prepare_request(endpoint: str | None, _: object) -> None:
    """Bound a webhook, and let Omise and banks send forms without a CSRF token.

    Runs before all checks of the host. Flask-WTF may be set up before the engine or after it.
    """
    if endpoint == "omise.webhook":
        request.max_content_length = MAX_WEBHOOK_BYTES
    if csrf := current_app.extensions.get("csrf"):
        for view in (webhook, handle_return):
            csrf.exempt(view)


@blueprint.post("/webhooks/omise")
def webhook() -> ResponseReturnValue:
    """Receive a webhook; 204 once nothing of it can be lost.

    401 when it is not signed by Omise, and 413 when it is larger than its events are.
    """
    try:
        _engine().inbox.receive(
            request.get_data(cache=False),
            signature=request.headers.get(SIGNATURE_HEADER, ""),
            timestamp=request.headers.get(TIMESTAMP_HEADER, ""),
        )
    except UntrustedEvent as error:
        current_app.logger.warning("webhook_rejected: %s", error)
        return jsonify(error="The webhook is not signed by Omise.", code="untrusted_event"), 401
    return "", 204


@blueprint.route("/payments/<reference>/return", methods=["GET", "POST"])
def handle_return(reference: str) -> ResponseReturnValue:
    """Take the shopper back from the bank; only Omise is believed.

    A bank that sends a form comes without the host's cookies, so it is sent here again by GET.
    """
    _check_key(reference)
    if request.method == "POST":
        here = url_for("omise.handle_return", reference=reference, key=request.args["key"])
        return redirect(here, 303)
    payment = _engine().resolver.handle_return(reference)
    return redirect(payment.return_to or f"{request.script_root}/", 303)


@blueprint.get("/payments/<reference>/status")
def status(reference: str) -> ResponseReturnValue:
    """The status of a payment as JSON, for a page that waits for it."""
    _check_key(reference)
    payment = _engine().resolver.payment(reference)
    if payment is None:
        abort(404)
    return jsonify(status=payment.status, final=payment.status not in IN_PROGRESS)


@blueprint.get("/payments/<reference>/qr")
def qr_image(reference: str) -> ResponseReturnValue:
    """The QR code to scan, at Omise."""
    _check_key(reference)
    payment = _engine().repository.find(reference)
    if payment is None or payment.qr_uri is None:
        abort(404)
    return redirect(payment.qr_uri, 302)


def return_uri(payment: Payment) -> str:
    """The address to which the bank sends the shopper back: built on PUBLIC_URL, with a key."""
    return public_url(_config(current_app)) + return_path(payment.reference)


def return_path(reference: str) -> str:
    """The path of the return from the bank, below the host's own."""
    prefix = _state().url_prefix
    return f"{prefix}/payments/{reference}/return?key={payment_key(reference)}"


def payment_key(reference: str) -> str:
    """The key that proves knowledge of a payment; goes into the addresses of the blueprint."""
    return _sign(reference, signing_secrets(current_app.config)[0])


def _check_key(reference: str) -> None:
    """Abort with 404 unless the request carries the payment's key."""
    given = request.args.get("key", "").encode()
    # As text: decoded, a key with something after it could pass for the same.
    secrets = signing_secrets(current_app.config)
    matches = [compare_digest(_sign(reference, s).encode(), given) for s in secrets]
    if not any(matches):
        abort(404)


def _sign(reference: str, secret: str) -> str:
    return Signer(secret, salt="omise-payment").get_signature(reference).decode()


def _state() -> _State:
    return cast(_State, current_app.extensions[NAME])


def _engine() -> PaymentEngine:
    """The engine of the current app, built on first use, once for all threads."""
    state = _state()
    with state.lock:
        state.engine = state.engine or _build_engine(state.hooks)
    return state.engine


def _build_engine(hooks: Hooks) -> PaymentEngine:
    config = _config(current_app)
    hooks.return_uri = return_uri
    hooks.after_error = lambda: roll_back_session(current_app.extensions)
    settings = PaymentSettings.from_config(config)
    public_url(config)  # without it Omise would reject every charge
    url = database_url(config, current_app.extensions)
    database = Database(url, max_connections=settings.pool_size)
    engine = build_engine(settings, database, hooks)
    engine.worker.context = current_app._get_current_object().app_context  # type: ignore[attr-defined]
    return engine


def _config(app: Flask) -> Mapping[str, Any]:
    """The environment, and over it the configuration of the app."""
    return ChainMap(app.config, os.environ)

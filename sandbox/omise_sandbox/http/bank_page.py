"""The page of a bank or a wallet, where the shopper approves, declines, cancels or leaves.

Source: the 3-D Secure guide of docs.omise.co, and omise-woocommerce. The browser returns to the
merchant by GET without added parameters: the merchant must ask the API for the result.
"""

from html import escape
from pathlib import Path
from string import Template

from omise_sandbox.http.bank_texts import TEXTS, preferred
from omise_sandbox.http.request_body import Params
from omise_sandbox.http.responses import Response
from omise_sandbox.resources import charge_transitions
from omise_sandbox.resources.routes import Route
from omise_sandbox.rules.cards import BEHAVIOURS
from omise_sandbox.rules.charge_states import CHARGE_STATES
from omise_sandbox.rules.errors import not_found
from omise_sandbox.rules.source_types import SOURCE_TYPES
from omise_sandbox.simulation.scheduler import run_due
from omise_sandbox.storage.records import Charge
from omise_sandbox.storage.world import World
from omise_sandbox.storage.worlds import Worlds

PAGES = Path(__file__).parent.parent / "static" / "pages"
HEADERS = (
    "Content-Type: text/html; charset=utf-8\r\n"
    "Cache-Control: no-store\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self';"
    " base-uri 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
)

#: Button → the failure code of the charge.
DECLINES = {"decline": "payment_rejected", "cancel": "payment_cancelled"}

#: Statuses of a payment that is over; an approved one redirects instead.
SETTLED = ("failed", "expired", "reversed")
WITHOUT_DECIMALS = {"JPY"}


class BankPage:
    """The page behind `authorize_uri`."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def routes(self) -> list[Route]:
        """The page, and the target of its buttons."""
        address = "/payments/{payment}/authorize"
        return [
            Route("GET", address, "page", self.show),
            Route("POST", address, "page", self.decide),
        ]

    def world_of(self, subject: str) -> World:
        """The world of a payment or a QR image; a browser has no key.

        Raises 404.
        """
        for world in self._worlds:
            if subject in world.store.public_ids:
                return world
        raise not_found("payment", subject)

    def show(self, world: World, payment: str, _: Params, *, languages: str = "") -> Response:
        """The choice, the way back of an approved payment, or the result of any other."""
        charge = _charge(world, payment)
        if CHARGE_STATES[charge.state].status in SETTLED:
            return Response(_render("settled.html", charge, languages), headers=HEADERS)
        if charge.state != "waiting":
            return _redirect(charge)
        page = "wallet.html" if charge.source else "bank.html"
        return Response(_render(page, charge, languages), headers=HEADERS)

    def decide(self, world: World, payment: str, form: Params, *, languages: str = "") -> Response:
        """Settle the charge according to the button, once, and redirect to the merchant."""
        charge = _charge(world, payment)
        outcome = form.get("outcome")
        if charge.state == "waiting":
            if outcome != "approve" and outcome not in DECLINES:
                return self.show(world, payment, form, languages=languages)
            charge_transitions.settle(world, charge, _failure(world, charge, str(outcome)))
        return _redirect(charge)


def _redirect(charge: Charge) -> Response:
    """Back to the merchant."""
    headers = f"Location: {charge.return_uri or '/'}\r\nCache-Control: no-store\r\n"
    return Response(b"", 303, headers)


def _charge(world: World, payment: str) -> Charge:
    run_due(world)
    charge = world.store.charges.get(world.store.public_ids.get(payment, ""))
    if charge is None:
        raise not_found("payment", payment)
    return charge


def _failure(world: World, charge: Charge, outcome: str) -> str | None:
    """The failure code; an approval fails when the card is a failing one."""
    if outcome in DECLINES or charge.card is None:
        return DECLINES.get(outcome)
    if BEHAVIOURS[charge.card.behaviour].three_ds == "validation_fails":
        return "payment_rejected"
    return charge_transitions.failure_of(world, charge.card)


def _render(page: str, charge: Charge, languages: str) -> bytes:
    language = preferred(languages)
    texts = TEXTS[language]
    card = f"{charge.card.brand} •••• {charge.card.last_digits}" if charge.card else ""
    place = "wallet" if charge.source else "bank"
    values = {
        **{f"text_{name}": text for name, text in texts.items()},
        "language": language,
        "amount": _amount(charge),
        "card": card,
        "title": _title(charge),
        "method": _method(charge, texts["months"]),
        "notice": texts[place],
        "intro": texts[f"{place}_intro"],
        "description": charge.description or texts["merchant"],
        "return_uri": charge.return_uri or "/",
        "outcome": texts.get(CHARGE_STATES[charge.state].status, ""),
    }
    template = Template((PAGES / page).read_text(encoding="utf-8"))
    return template.substitute({name: escape(value) for name, value in values.items()}).encode()


def _title(charge: Charge) -> str:
    return SOURCE_TYPES[charge.source.type].name if charge.source else "3-D Secure"


def _method(charge: Charge, months_text: str) -> str:
    """The wallet or bank, with the number of installments if there are any."""
    months = (charge.source.details or {}).get("installment_term") if charge.source else None
    return f"{_title(charge)}, {months_text.format(months)}" if months else _title(charge)


def _amount(charge: Charge) -> str:
    if charge.currency in WITHOUT_DECIMALS:
        return f"{charge.currency} {charge.amount:,}"
    whole, rest = divmod(charge.amount, 100)
    return f"{charge.currency} {whole:,}.{rest:02}"

"""Saved cards: list, add, make default, delete; as pages and, the list, as JSON."""

from flask import Blueprint, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.errors import InvalidForm
from storefront.fraud.velocity_limits import PAYMENT
from storefront.payments.saved_cards import SavedCard
from storefront.web.checkout import cards_of, omise
from storefront.web.forms import get_token, request_fields
from storefront.web.language import error_message
from storefront.web.responses import error_json, wants_json
from storefront.web.session import member

bp = Blueprint("cards", __name__, url_prefix="/cards")


@bp.get("")
def index() -> ResponseReturnValue:
    """The member's cards; JSON for a program."""
    who = member()
    if wants_json():
        return jsonify({"cards": [_as_json(card) for card in services().saved_cards.all(who)]})
    return _page()


@bp.post("")
def add() -> ResponseReturnValue:
    """Keep the card of a token."""
    who = member()
    token = get_token(request_fields())
    with services().velocity.limit(PAYMENT, who.payer_identifiers()):
        services().saved_cards.add_or_explain(who, token)
    return _answer()


@bp.post("/<card_id>/default")
def make_default(card_id: str) -> ResponseReturnValue:
    """Offer this card first from now on."""
    services().saved_cards.make_default(member(), card_id)
    return _answer()


@bp.post("/<card_id>/delete")
def delete(card_id: str) -> ResponseReturnValue:
    """Delete the card."""
    services().saved_cards.delete(member(), card_id)
    return _answer()


@bp.errorhandler(InvalidForm)
def rerender_with_errors(error: InvalidForm) -> ResponseReturnValue:
    """The page again with the problem, or the problem as JSON."""
    if wants_json():
        return error_json(error_message(error), error.code, error.status)
    return _page(error.problems), error.status


def _answer() -> ResponseReturnValue:
    return index() if wants_json() else redirect(url_for(".index"), 303)


def _page(problems: dict[str, str] | None = None) -> str:
    cards, unavailable = cards_of(member())
    return render_template(
        "cards/index.html",
        saved_cards=cards,
        saved_cards_unavailable=unavailable,
        problems=problems or {},
        omise=omise(),
    )


def _as_json(card: SavedCard) -> dict[str, object]:
    return {
        "id": card.id,
        "brand": card.brand,
        "last_digits": card.last_digits,
        "expiration_month": card.expiration_month,
        "expiration_year": card.expiration_year,
        "default": card.is_default,
        "expired": card.is_expired,
    }

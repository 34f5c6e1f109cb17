"""Saved cards: list, add, make default, delete; as a page and as JSON."""

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from storefront.container import services
from storefront.errors import InvalidForm
from storefront.fraud.velocity_limits import PAYMENT
from storefront.payments.errors import CardNotSaved
from storefront.payments.saved_cards import SavedCard
from storefront.web.card_form import saved_cards
from storefront.web.error_pages import error_page, error_response
from storefront.web.forms import get_token, request_fields
from storefront.web.responses import wants_json
from storefront.web.session import member

bp = Blueprint("cards", __name__, url_prefix="/cards")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the member's cards."""
    who = member()
    if wants_json():
        cards = services().engine.saved_cards.for_owner(who.owner)
        return jsonify({"cards": [_as_json(card) for card in cards]})
    return _page()


@bp.post("")
def add() -> ResponseReturnValue:
    """Save the card of a token."""
    who = member()
    token = get_token(request_fields())
    with services().velocity.limit(PAYMENT, who.payer_identifiers()):
        services().engine.saved_cards.save(who.owner, token, email=who.email)
    return _respond(gettext("Card saved."))


@bp.post("/<card_id>/default")
def make_default(card_id: str) -> ResponseReturnValue:
    """Make this card the default."""
    services().engine.saved_cards.make_default(member().owner, card_id)
    return _respond(gettext("Default card changed."))


@bp.post("/<card_id>/delete")
def delete(card_id: str) -> ResponseReturnValue:
    """Delete the card."""
    services().engine.saved_cards.delete(member().owner, card_id)
    return _respond(gettext("Card deleted."))


@bp.errorhandler(CardNotSaved)
def rerender_with_rejection(error: CardNotSaved) -> ResponseReturnValue:
    """Show the page again with the reason why the card was not saved."""
    return rerender_with_errors(InvalidForm({"token": error.message}))


@bp.errorhandler(InvalidForm)
def rerender_with_errors(error: InvalidForm) -> ResponseReturnValue:
    """Show the page again with its errors, or send them as JSON."""
    if wants_json():
        return error_response(error)
    return _page(error.problems), error_page(error).status


def _respond(message: str) -> ResponseReturnValue:
    if wants_json():
        return index()
    flash(message)
    return redirect(url_for(".index"), 303)


def _page(problems: dict[str, str] | None = None) -> str:
    cards, unavailable = saved_cards(member())
    return render_template(
        "cards/index.html",
        saved_cards=cards,
        saved_cards_unavailable=unavailable,
        problems=problems or {},
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

"""The delivery address that a member saved: edit it, delete it.

There is one for each member, found by the session; no address of another member can be named.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import NotFound

from storefront.container import services
from storefront.errors import CardNumberRefused, InvalidForm
from storefront.shop.addresses import FIELDS, Address
from storefront.shop.models import address_values
from storefront.web.error_pages import error_message, error_page
from storefront.web.forms import address_texts, get_typed
from storefront.web.session import member

bp = Blueprint("saved_address", __name__, url_prefix="/account/address")


@bp.get("")
def edit() -> ResponseReturnValue:
    """Show the form, empty if no address is saved yet."""
    saved = services().address_book.find(member().user_id)
    return _page({name: value or "" for name, value in address_values(saved).items()})


@bp.post("")
def save() -> ResponseReturnValue:
    """Save the address, checked as at checkout."""
    who = member()
    address = Address.parse(address_texts(request.form), _countries())
    services().address_book.save(who.user_id or 0, address)
    return _back_to_account(gettext("Address saved."))


@bp.post("/delete")
def delete() -> ResponseReturnValue:
    """Delete the address."""
    services().address_book.delete(member().user_id or 0)
    return _back_to_account(gettext("Your saved address is deleted."))


@bp.errorhandler(InvalidForm)
def rerender_with_errors(error: InvalidForm) -> ResponseReturnValue:
    """Show the form again with what was typed and its errors."""
    typed = {name: get_typed(name) for name in FIELDS}
    return _page(typed, error.problems), error_page(error).status


@bp.errorhandler(CardNumberRefused)
def rerender_without_card(error: CardNumberRefused) -> ResponseReturnValue:
    """Show the form again with what was typed, but for the card number."""
    return rerender_with_errors(InvalidForm({error.field or FIELDS[0]: error_message(error)}))


def _countries() -> tuple[str, ...]:
    """The codes of the countries to choose from.

    Raises:
        NotFound: if the shop delivers nothing.
    """
    countries = services().pricing.countries
    if not countries:
        raise NotFound
    return countries


def _page(values: dict[str, str], problems: dict[str, str] | None = None) -> str:
    return render_template(
        "accounts/address.html",
        values=values,
        countries=_countries(),
        problems=problems or {},
        places={name: name for name in FIELDS},
    )


def _back_to_account(message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("accounts.account"), 303)

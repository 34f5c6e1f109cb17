"""Changes of an account: verify or change its email, get its data, delete it."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from storefront.container import services
from storefront.errors import InvalidForm
from storefront.fraud.velocity_limits import LOGIN, MAIL_LINK
from storefront.shop.account_export import account_data
from storefront.web.accounts import password_identifiers, rerender_with_errors
from storefront.web.forms import get_text
from storefront.web.session import log_in, log_out, member

bp = Blueprint("account_changes", __name__, url_prefix="/account")


@bp.post("/email")
def change_email() -> ResponseReturnValue:
    """Mail a link to the new address; it is not the account's before that is followed."""
    who = member()
    with services().velocity.limit(LOGIN, password_identifiers(who)):
        services().verification.request_change(
            who.user_id or 0,
            email=get_text(request.form, "email"),
            password=request.form.get("current_password", ""),
        )
    return _link_sent()


@bp.post("/verify")
def request_link() -> ResponseReturnValue:
    """Mail another link that verifies the email of the account."""
    who = member()
    with services().velocity.limit(MAIL_LINK, who.payer_identifiers()):
        services().verification.request(who.user_id or 0)
    return _link_sent()


@bp.get("/verify/<token>")
def ask(token: str) -> ResponseReturnValue:
    """Ask for confirmation: mail programs open links by themselves, and press no button."""
    address = services().verification.check(token, member().user_id or 0)
    return render_template("accounts/verify.html", address=address)


@bp.post("/verify/<token>")
def verify(token: str) -> ResponseReturnValue:
    """Verify the email; a new one ends all other sessions of the account."""
    user = services().verification.confirm(token, member().user_id or 0)
    log_in(user)
    flash(gettext("Your email address is confirmed."))
    return redirect(url_for("accounts.account"), 303)


@bp.get("/export")
def export() -> ResponseReturnValue:
    """Everything that the shop knows of the member, as a JSON file."""
    who, parts = member(), services()
    user_id = who.user_id or 0
    response: Response = jsonify(
        account_data(
            parts.accounts.get(user_id),
            parts.orders.of_member(who),
            parts.engine.saved_cards.for_owner(who.owner),
            parts.address_book.find(user_id),
        )
    )
    response.headers["Content-Disposition"] = "attachment; filename=account.json"
    return response


@bp.post("/delete")
def delete() -> ResponseReturnValue:
    """Delete the account and its saved cards."""
    who = member()
    with services().velocity.limit(LOGIN, password_identifiers(who)):
        services().account_deletion.delete(
            who.user_id or 0, password=request.form.get("delete_password", "")
        )
    log_out()
    flash(gettext("Your account is deleted."))
    return redirect(url_for("catalogue.index"), 303)


def _link_sent() -> ResponseReturnValue:
    flash(gettext("We have sent you a link. Open it to confirm your email address."))
    return redirect(url_for("accounts.account"), 303)


bp.register_error_handler(InvalidForm, rerender_with_errors)

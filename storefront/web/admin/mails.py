"""Mails sent to shoppers."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.shop.mail import path_of
from storefront.shop.models import Mail
from storefront.web.admin.query_args import MAX_ID, before_id

bp = Blueprint("mails", __name__, url_prefix="/mails")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the mails, newest first."""
    page = services().admin_queries.mails(before_id())
    return render_template("admin/mails.html", page=page)


@bp.get(f"/<int(max={MAX_ID}):mail_id>")
def show(mail_id: int) -> ResponseReturnValue:
    """Show one mail."""
    mail = services().admin_queries.mail(mail_id) or abort(404)
    message = _stored(mail)
    return render_template(
        "admin/mail.html",
        mail=mail,
        body=_part(message, "plain"),
        has_html=_part(message, "html") is not None,
    )


@bp.get(f"/<int(max={MAX_ID}):mail_id>/body")
def body(mail_id: int) -> ResponseReturnValue:
    """The HTML of a mail, for the frame on its page."""
    mail = services().admin_queries.mail(mail_id) or abort(404)
    return _part(_stored(mail), "html") or abort(404)


def _stored(mail: Mail) -> EmailMessage | None:
    """A mail, if mails are written to a folder; a mail server keeps no copy for us."""
    settings = services().settings
    file = path_of(settings.mail_folder, mail.message_id)
    if settings.mail_url.get_secret_value() or not file.is_file():
        return None
    return message_from_bytes(file.read_bytes(), policy=policy.default)


def _part(message: EmailMessage | None, kind: str) -> str | None:
    """The text or the HTML of a mail."""
    part = message and message.get_body((kind,))
    return str(part.get_content()) if part else None

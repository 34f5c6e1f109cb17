"""Renders the mails to members, in the language of their account."""

from collections.abc import Callable

from flask import Flask
from flask_babel import force_locale

from storefront.accounts.notices import AccountMail
from storefront.container import services
from storefront.payments.i18n import Message
from storefront.payments.i18n import gettext_noop as _
from storefront.shop.mail import RenderedMail
from storefront.web.language import translate
from storefront.web.mail import render_mail

#: Subject, text, label and path of the link of each mail.
MAILS: dict[AccountMail, tuple[Message, Message, Message, str]] = {
    AccountMail.VERIFY_EMAIL: (
        _("Confirm your email address"),
        _(
            "Open this link and log in to confirm your email address. It is valid for 3 days. If "
            "you did not ask for it, ignore this email."
        ),
        _("Confirm your email address"),
        "/account/verify/{token}",
    ),
    AccountMail.RESET_PASSWORD: (
        _("Set a new password"),
        _(
            "Open this link to set a new password. It works once and is valid for 1 hour. If you "
            "did not ask for it, ignore this email: your password stays as it is."
        ),
        _("Set a new password"),
        "/password/reset/{token}",
    ),
    AccountMail.PASSWORD_CHANGED: (
        _("Your password was changed"),
        _(
            "The password of your account was changed, and all other devices were logged out. If "
            "it was not you, set a new password now."
        ),
        _("Set a new password"),
        "/password/forgot",
    ),
    AccountMail.EMAIL_CHANGED: (
        _("The email address of your account was changed"),
        _("Your account now has another email address. If it was not you, contact us."),
        _("Back to the shop"),
        "/",
    ),
    AccountMail.ACCOUNT_DELETED: (
        _("Your account was deleted"),
        _(
            "Your account and its saved cards were deleted. We keep your orders, as the law asks "
            "of a shop."
        ),
        _("Back to the shop"),
        "/",
    ),
}


def renderer(app: Flask) -> Callable[[AccountMail, str, str | None], RenderedMail]:
    """What renders the mails to members in this app."""

    def render(kind: AccountMail, locale: str, token: str | None) -> RenderedMail:
        subject, text, label, path = MAILS[kind]
        with app.app_context(), force_locale(locale):
            return render_mail(
                app,
                "notice",
                locale,
                subject=translate(subject),
                text=translate(text),
                label=translate(label),
                link=services().settings.public_url + path.format(token=token),
            )

    return render

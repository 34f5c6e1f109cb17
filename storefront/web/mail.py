"""Renders the mails about an order, in the language of the order."""

from flask import Flask
from flask_babel import force_locale, gettext

from storefront.payments.models import Payment
from storefront.payments.money import Money
from storefront.shop.mail import RenderedMail
from storefront.shop.models import Order
from storefront.web.order_links import order_link
from storefront.web.template_globals import SHOP_NAME


def render(
    app: Flask, order: Order, payment: Payment, refunded: Money | None
) -> tuple[str, str, str]:
    """Subject, text and HTML of a receipt, or of a refund if `refunded` is given."""
    with app.app_context(), force_locale(order.locale):
        if refunded is None:
            subject = gettext("Your receipt for order %(number)s", number=order.number)
        else:
            subject = gettext("Your refund for order %(number)s", number=order.number)
        context = {
            "order": order,
            "payment": payment,
            "refunded": refunded,
            "link": order_link(order.number),
            "subject": subject,
            "shop_name": SHOP_NAME,
        }
        # `render_template` needs a request, and the worker has none.
        text, html = (
            app.jinja_env.get_template(f"mail/receipt.{kind}").render(context)
            for kind in ("txt", "html")
        )
        return subject, text, html


def render_link(app: Flask, order: Order) -> RenderedMail:
    """The mail with a new link to an order."""
    with app.app_context(), force_locale(order.locale):
        label = gettext("View order %(number)s", number=order.number)
        context = {
            "subject": label,
            "text": gettext("Here is a new link to your order. It is valid for 30 days."),
            "label": label,
            "link": order_link(order.number),
            "locale": order.locale,
            "shop_name": SHOP_NAME,
        }
        text, html = (
            app.jinja_env.get_template(f"mail/account.{kind}").render(context)
            for kind in ("txt", "html")
        )
        return RenderedMail(label, text, html)

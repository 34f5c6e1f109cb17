"""Renders mails: those about an order in the language of the order."""

from flask import Flask
from flask_babel import force_locale, gettext

from storefront.container import services
from storefront.payments.models import Payment
from storefront.payments.money import Money
from storefront.payments.statuses import PaymentStatus
from storefront.shop.mail import RenderedMail
from storefront.shop.merchant import merchant
from storefront.shop.models import Order, Shipment
from storefront.shop.receipts import MailKind
from storefront.web.order_links import order_link
from storefront.web.template_globals import SHOP_NAME, format_money


def render_mail(app: Flask, name: str, locale: str, **context: object) -> RenderedMail:
    """The mail of a template, as text and as HTML.

    Args:
        app: the app, whose context must be open.
        name: of the template.
        locale: the language, which must be in force.
        context: `subject`, `text`, `label` and `link` of every mail, and what this one adds.
    """
    known = {
        "locale": locale,
        "shop_name": SHOP_NAME,
        "merchant": merchant(services().settings),
        **context,
    }
    # `render_template` needs a request, and the worker has none.
    text, html = (
        app.jinja_env.get_template(f"mail/{name}.{kind}").render(known) for kind in ("txt", "html")
    )
    return RenderedMail(str(context["subject"]), text, html)


def render_shipment(app: Flask, order: Order, shipment: Shipment) -> RenderedMail:
    """The mail about a shipment."""
    with app.app_context(), force_locale(order.locale):
        subject = gettext("Your order %(number)s has shipped", number=order.number)
        text = gettext("Your order is on its way.")
        return _order_mail(app, "shipped", order, subject, text, shipment=shipment)


def render(
    app: Flask, kind: MailKind, order: Order, payment: Payment, refunded: Money | None
) -> RenderedMail:
    """The mail of that kind about an order; `refunded` only for a refund."""
    if kind in {MailKind.RECEIPT, MailKind.COPY, MailKind.REFUND}:
        return _render_receipt(app, order, payment, refunded)
    with app.app_context(), force_locale(order.locale):
        if kind == MailKind.RECEIVED:
            return _order_mail(app, "notice", order, *_received(order, payment))
        return _order_mail(app, "notice", order, *_failed(order, payment))


def _received(order: Order, payment: Payment) -> tuple[str, str]:
    """Subject and text while the order is not paid yet."""
    subject = gettext("We have received your order %(number)s", number=order.number)
    if payment.status == PaymentStatus.AWAITING_PAYMENT:
        return subject, gettext(
            "Your order is not paid yet. Open it to complete your payment of %(total)s, or to "
            "choose another payment method.",
            total=format_money(order.total),
        )
    return subject, gettext(
        "We are still waiting for confirmation of your payment of %(total)s. Do not pay again. "
        "We'll email you when we know the result.",
        total=format_money(order.total),
    )


def _failed(order: Order, payment: Payment) -> tuple[str, str]:
    """Subject and text when the order is not paid in the end."""
    if payment.status == PaymentStatus.EXPIRED:
        subject = gettext("Your order %(number)s has expired", number=order.number)
        return subject, " ".join(
            [
                gettext("We did not receive a payment in time. You have not been charged."),
                gettext("If you still want these items, place a new order."),
            ]
        )
    subject = gettext("Your payment for order %(number)s did not go through", number=order.number)
    return subject, gettext(
        "Your payment of %(total)s did not go through. You have not been charged. If you still "
        "want these items, open your order to try again.",
        total=format_money(order.total),
    )


def _render_receipt(
    app: Flask, order: Order, payment: Payment, refunded: Money | None
) -> RenderedMail:
    """A receipt, or the mail about a refund if `refunded` is given."""
    with app.app_context(), force_locale(order.locale):
        if refunded is None:
            subject = gettext("Your receipt for order %(number)s", number=order.number)
            text = gettext(
                "Thank you for your order. We have received your payment of %(total)s.",
                total=format_money(order.total),
            )
        else:
            subject = gettext("Your refund for order %(number)s", number=order.number)
            text = gettext(
                "We have refunded %(refunded)s of %(total)s to your original payment method. It "
                "may take a few days to appear on your statement.",
                refunded=format_money(refunded),
                total=format_money(order.total),
            )
        return _order_mail(app, "receipt", order, subject, text, payment=payment)


def render_link(app: Flask, order: Order) -> RenderedMail:
    """The mail with a new link to an order."""
    with app.app_context(), force_locale(order.locale):
        subject = gettext("View order %(number)s", number=order.number)
        text = gettext("Here is a new link to your order. It is valid for 30 days.")
        return _order_mail(app, "notice", order, subject, text)


def _order_mail(
    app: Flask, name: str, order: Order, subject: str, text: str, **context: object
) -> RenderedMail:
    """A mail with the link that opens the order."""
    return render_mail(
        app,
        name,
        order.locale,
        subject=subject,
        text=text,
        label=gettext("View order %(number)s", number=order.number),
        link=order_link(order.number),
        order=order,
        **context,
    )

"""The shop's own texts: contact, shipping and returns, terms, privacy.

A text is templates/information/NAME.LANGUAGE.html, which the merchant edits.
"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.payments.i18n import gettext_noop
from storefront.shop.merchant import merchant
from storefront.web.language import language

bp = Blueprint("information", __name__)

#: The title of each text.
TITLES = {
    "contact": gettext_noop("Contact us"),
    "shipping": gettext_noop("Shipping and returns"),
    "terms": gettext_noop("Terms of sale"),
    "privacy": gettext_noop("Privacy"),
}


@bp.get(f"/information/<any({', '.join(TITLES)}):name>")
def show(name: str) -> ResponseReturnValue:
    """Show one text in the language of the shopper."""
    return render_template(
        "information/show.html",
        title=TITLES[name],
        text=f"information/{name}.{language()}.html",
        rates=services().pricing.rates,
        merchant=merchant(services().settings),
    )

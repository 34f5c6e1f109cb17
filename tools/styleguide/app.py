"""The shop with the style guide at /styleguide, as a WSGI application."""

from flask import Blueprint, Flask, render_template

from storefront import create_app
from storefront.container import services
from storefront.payments.method_offers import group_methods
from storefront.payments.methods import METHODS
from storefront.payments.statuses import PaymentStatus
from storefront.settings import Settings
from tools.styleguide.samples import sample_card, sample_order, sample_payment

bp = Blueprint(
    "styleguide",
    __name__,
    url_prefix="/styleguide",
    template_folder="templates",
    static_folder="static",
)

#: An error for each field that the guide shows with one.
PROBLEMS = {
    "wrong": "Enter a valid email address, like name@example.com.",
    "name": "Enter the name on the card.",
    "number": "Check the card number: a digit is wrong or missing.",
    "expiry": "This card has expired. Use another card.",
    "security_code": "Enter the 3 digits from the back of the card.",
}


@bp.get("")
def show() -> str:
    """Show every component."""
    return render_template(
        "styleguide.html",
        statuses=list(PaymentStatus),
        products=list(services().catalogue)[:2],
        order=sample_order(),
        payment=sample_payment(),
        saved_cards=[
            sample_card(1, "Visa", "4242", is_default=True),
            sample_card(2, "Mastercard", "4444"),
            sample_card(3, "JCB", "0505", is_expired=True),
        ],
        methods=group_methods(list(METHODS.values())),
        problems=PROBLEMS,
    )


def build(settings: Settings) -> Flask:
    """The shop as the settings describe it, with the style guide."""
    app = create_app(settings)
    app.register_blueprint(bp)
    return app


app = build(Settings.from_env())

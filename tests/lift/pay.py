"""All that the foreign shop writes to take payments: this file and templates/pay.html."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user, login_required

from .paying.errors import PaymentError
from .paying.extension import OmisePayments
from .shop import Order, create_app, db

payments = OmisePayments()
bp = Blueprint("pay", __name__)


def create_paying_app(**config):
    app = create_app(**config)
    payments.init_app(app, metadata=db.metadata)
    app.register_blueprint(bp)
    return app


@payments.on_change
def payment_changed(payment):
    db.session.get(Order, int(payment.reference)).status = payment.status
    db.session.commit()


@bp.route("/orders/<int:id>/pay", methods=["GET", "POST"])
@login_required
def pay(id):
    order = Order.query.filter_by(id=id, user_id=current_user.id).first_or_404()
    error, here = None, url_for("pay.pay", id=id)
    if request.method == "POST":
        try:
            payments.pay(
                order.id,
                order.total,
                "THB",
                token=request.form["token"],
                email=current_user.email,
                return_to=here,
            )
            return redirect(here, 303)
        except PaymentError as refusal:  # nothing was charged
            error = refusal.message
    payment = payments.payment(order.id)  # asks Omise while the result is unknown
    if payment and payment.authorize_uri:
        return redirect(payment.authorize_uri, 303)
    return render_template("pay.html", order=order, payment=payment, error=error)

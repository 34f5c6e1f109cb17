"""The back office: /admin. Every page but the log-in needs somebody of the staff.

Money is moved in two steps: a form says what, a second page shows what will happen and to whom, and
only its button does it. The second page carries a click of its own, so that sending it twice moves
money once.
"""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from typing import NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.admin.queries import Search
from storefront.container import services
from storefront.errors import InvalidForm, StaffOnly, StorefrontError
from storefront.fraud.velocity import LOGGING_IN
from storefront.models import Order
from storefront.payments.i18n import say
from storefront.payments.money import Money
from storefront.payments.omise import OmiseError
from storefront.payments.operations import MoneyMoves
from storefront.payments.statuses import AttemptKind, OrderStatus
from storefront.web.admin.session import log_in_staff, log_out_staff, staff
from storefront.web.forms import text
from storefront.web.session import shopper

bp = Blueprint("office", __name__, url_prefix="/admin")

OPEN_TO_ALL = frozenset({"office.login", "office.login_form"})

#: The largest id that a table can hold.
LAST_ID = 2**31 - 1

#: Days that are looked at lie within these years.
YEARS = range(2000, 2100)

#: How far back the reconcile button looks, in hours.
PERIODS = {1: "the last hour", 24: "the last day", 24 * 7: "the last week"}


class Move(NamedTuple):
    """What staff can do with the money of an order."""

    kind: AttemptKind
    verb: str
    #: What will have happened.
    outcome: str


MOVES = {
    "capture": Move(AttemptKind.CAPTURE, "Capture", "taken from"),
    "void": Move(AttemptKind.VOID, "Void", "released to"),
    "refund": Move(AttemptKind.REFUND, "Refund", "sent back to"),
}


@bp.before_request
def staff_only() -> None:
    """Let nobody else in."""
    if request.endpoint not in OPEN_TO_ALL:
        staff()


@bp.errorhandler(StaffOnly)
def to_login(_: StaffOnly) -> ResponseReturnValue:
    """Whoever is nobody of the staff sees the log-in, and nothing of what is behind it."""
    return redirect(url_for(".login_form"), 303)


@bp.get("/login")
def login_form() -> ResponseReturnValue:
    """Where staff log in."""
    return render_template("admin/login.html", email="", problems={})


@bp.post("/login")
def login() -> ResponseReturnValue:
    """Log in."""
    email, password = text(request.form, "email"), request.form.get("password", "")
    try:
        with services().shield.watching(LOGGING_IN, shopper().traces(email)):
            person = services().staff_room.log_in(email, password)
    except InvalidForm as error:
        page = render_template("admin/login.html", email=email, problems=error.problems)
        return page, error.status
    log_in_staff(person)
    services().back_office.note(person.email, "logged in")
    return redirect(url_for(".today"), 303)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """Log out."""
    services().back_office.note(staff().email, "logged out")
    log_out_staff()
    return redirect(url_for(".login_form"), 303)


# Looking


@bp.get("", strict_slashes=False)  # people type /admin/ too
def today() -> ResponseReturnValue:
    """The day: sums, payments by hour, reasons for declines, and what needs somebody."""
    office, day = services().back_office, _day("day") or datetime.now(UTC).date()
    return render_template(
        "admin/today.html",
        day=day,
        the_day_before=day - timedelta(days=1),
        the_day_after=day + timedelta(days=1),
        sums=office.sums(day),
        hours=office.hours(day),
        reasons=office.decline_reasons(day),
        checks=services().health.checks(),
        csp_reports=services().csp_reports.all()[:5],
    )


@bp.get("/orders")
def orders() -> ResponseReturnValue:
    """The orders, newest first, as far as they are looked for."""
    status = request.args.get("status", "")
    search = Search(
        status=OrderStatus(status) if status in list(OrderStatus) else None,
        words=text(request.args, "q"),
        since=_day("since"),
        until=_day("until"),
        before=_before(),
    )
    page = services().back_office.orders(search)
    return render_template(
        "admin/orders.html", page=page, search=search, statuses=list(OrderStatus)
    )


@bp.get("/orders/<number>")
def order(number: str) -> ResponseReturnValue:
    """One order, with everything that happened to it and what can be done."""
    return _order_page(services().ledger.order(number))


@bp.get("/events")
def events() -> ResponseReturnValue:
    """The webhooks that were kept."""
    page = services().back_office.events(_moment("before"))
    return render_template("admin/events.html", page=page)


@bp.get("/audit")
def audit() -> ResponseReturnValue:
    """Who did what."""
    page = services().back_office.audit(_before())
    return render_template("admin/audit.html", page=page)


@bp.get("/mails")
def mails() -> ResponseReturnValue:
    """The mails that were sent."""
    page = services().back_office.mails(_before())
    return render_template("admin/mails.html", page=page)


@bp.get(f"/mails/<int(max={LAST_ID}):mail_id>")
def mail(mail_id: int) -> ResponseReturnValue:
    """One mail; its text too, when mails are kept in a folder."""
    sent = services().back_office.mail(mail_id)
    file = services().settings.mail_folder / f"{sent.key.replace(':', '-')}.eml"
    body = None
    if not services().settings.mail_url.get_secret_value() and file.is_file():
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        part = message.get_body(("plain",))
        body = part.get_content() if part else None
    return render_template("admin/mail.html", mail=sent, body=body)


@bp.get("/stock")
def stock() -> ResponseReturnValue:
    """How many of each product are left."""
    return _stock_page()


# Doing


@bp.post("/orders/<number>/<any(capture, void, refund):what>")
def move(number: str, what: str) -> ResponseReturnValue:
    """Move the money of an order on; asked once more before it is done."""
    current, chosen = services().ledger.order(number), MOVES[what]
    try:
        amount = _amount(current, what)
        if request.form.get("confirmed") != "yes":
            return render_template(
                "admin/confirm.html",
                order=current,
                what=what,
                move=chosen,
                amount=amount,
                reason=text(request.form, "reason")[:200],
                click=MoneyMoves.new_click(),
            )
        _do(current, what, amount)
    except InvalidForm as error:
        return _order_page(current, {what: error.message}), error.status
    except StorefrontError as error:
        return _order_page(services().ledger.order(number), {what: error.message}), error.status
    return redirect(url_for(".order", number=number), 303)


def _do(current: Order, what: str, amount: Money) -> None:
    click, reason = text(request.form, "click")[:64], text(request.form, "reason")[:200]
    if not click:
        raise InvalidForm({"click": say("Open the order again.")})
    detail = " ".join(filter(None, [amount.format("en"), reason]))
    services().back_office.note(staff().email, what, order=current.number, detail=detail)
    moves = services().money_moves
    match what:
        case "capture":
            moves.capture(current.number, amount=amount.amount, click=click)
        case "void":
            moves.void(current.number, click=click)
        case _:
            moves.refund(current.number, amount=amount.amount, click=click, reason=reason)


@bp.post("/events/<event_id>/replay")
def replay(event_id: str) -> ResponseReturnValue:
    """Handle a webhook once more."""
    services().back_office.note(staff().email, "replayed an event", detail=event_id)
    try:
        services().events.handle(event_id)
    except OmiseError as error:
        page = services().back_office.events()
        problem = f"Omise could not be asked ({error}). The event is kept; try again."
        return render_template("admin/events.html", page=page, problem=problem), 503
    return redirect(url_for(".events"), 303)


@bp.route("/reconcile", methods=["GET", "POST"])
def reconcile() -> ResponseReturnValue:
    """Compare the ledger with Omise's charges, and mend what can be mended."""
    if request.method == "GET":
        return _reconcile_page()
    hours = request.form.get("hours", type=int)
    if hours not in PERIODS:
        return _reconcile_page(problem="Choose a period."), 422
    services().back_office.note(staff().email, "reconciled", detail=PERIODS[hours])
    now = datetime.now(UTC)
    try:
        report = services().reconciler.run(now - timedelta(hours=hours), now)
    except OmiseError as error:
        return _reconcile_page(problem=f"Omise could not be asked ({error}). Try again."), 503
    return _reconcile_page(report=report, period=PERIODS[hours])


@bp.post("/stock/<sku>")
def put_stock(sku: str) -> ResponseReturnValue:
    """Say how many of a product are left."""
    product = services().catalogue.product(sku)
    given = text(request.form, "count")
    try:
        if given and not (given.isascii() and given.isdecimal() and len(given) < 8):
            raise InvalidForm({sku: say("Enter a whole number, or leave the field empty.")})
        count = int(given) if given else None
        services().stockroom.put(sku, count)
    except InvalidForm as error:
        return _stock_page({sku: error.message}, given), error.status
    detail = f"{product.name}: {'not counted' if count is None else count}"
    services().back_office.note(staff().email, "set the stock", detail=detail)
    return redirect(url_for(".stock"), 303)


# Pages that are shown again with what was wrong


def _order_page(current: Order, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "admin/order.html",
        order=current,
        payment=current.decisive_charge,
        timeline=services().back_office.timeline(current),
        possible=[what for what, chosen in MOVES.items() if current.allows(chosen.kind)],
        problems=problems or {},
        given=request.form,
        now=datetime.now(UTC),
    )


def _reconcile_page(**more: object) -> str:
    context = {"report": None, "period": None, "problem": None, "periods": PERIODS, **more}
    currency = services().settings.store_currency
    return render_template("admin/reconcile.html", currency=currency, Money=Money, **context)


def _stock_page(problems: dict[str, str] | None = None, given: str = "") -> str:
    return render_template(
        "admin/stock.html",
        products=list(services().catalogue),
        left=services().stockroom.left(),
        problems=problems or {},
        given=given,
    )


def _amount(current: Order, what: str) -> Money:
    """What is to be moved: all of it, or what the form says.

    Raises:
        InvalidForm: when it is no amount, or more than there is.
    """
    most = current.refundable if what == "refund" else current.total
    given = text(request.form, "amount")
    if what == "void" or not given:
        return most
    try:
        amount = Money.parse(given, current.currency)
    except ValueError:
        problem = say("Enter an amount like %(example)s.", example=most.plain)
        raise InvalidForm({"amount": problem}) from None
    if not 0 < amount.amount <= most.amount:
        problem = say("Enter an amount of %(most)s or less.", most=most.format("en"))
        raise InvalidForm({"amount": problem})
    return amount


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _moment(name: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    if moment.year not in YEARS:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _before() -> int | None:
    """Where a page of a list begins."""
    given = request.args.get("before", "")
    if not (given.isascii() and given.isdecimal() and len(given) <= len(str(LAST_ID))):
        return None
    return int(given) if 0 < int(given) <= LAST_ID else None

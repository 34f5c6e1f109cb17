"""Compares the recorded payments with the charges at Omise after a run."""

import contextlib
import itertools

from sqlalchemy import func, select

from storefront.payments.database import Database
from storefront.payments.repository import PaymentRepository
from storefront.payments.statuses import AttemptStatus, OperationType
from storefront.payments.tables import attempts
from storefront.shop.models import Order
from tests.support.programs import wait_until

UNRESOLVED = (AttemptStatus.STARTED, AttemptStatus.UNKNOWN)


def settle(shop):
    """Reconcile until no attempt is unresolved; returns the problem if one stays.

    The command runs within this process until then, and once more as a merchant runs it.
    """
    last = []
    app = shop.within()

    def is_settled():
        last[:] = [app.test_cli_runner().invoke(args=["reconcile"])]
        return last[0].exit_code == 0 and not unresolved(shop)

    with contextlib.closing(app.extensions["shop"]):
        try:
            wait_until(is_settled, "records and charges match", seconds=60, pause=0.5)
        except AssertionError:
            return [f"reconcile ended with {last[0].exit_code}: {last[0].output}"]
    done = shop.command("reconcile")
    failed = f"reconcile ended with {done.returncode}: {done.stdout}{done.stderr}"
    return [failed] if done.returncode else []


def unresolved(shop):
    """The number of unresolved attempts."""
    with records(shop) as database, database.connect() as connection:
        count = select(func.count()).where(attempts.c.status.in_(UNRESOLVED))
        return connection.execute(count).scalar()


def compare(shop, shown):
    """Yield each difference between records and charges, and each lost order."""
    charges = all_charges(shop.world)
    theirs = {}
    for charge in charges:
        if charge["paid"]:
            theirs.setdefault(charge["metadata"].get("order"), []).append(charge)
    with records(shop) as database, database.read_session() as session:
        repository = PaymentRepository(database)
        numbers = session.scalars(select(Order.number)).all()
        orders = {number: repository.get(number) for number in numbers}
    yield from (f"{n}: charged {len(c)} times" for n, c in theirs.items() if len(c) > 1)
    yield from (f"{n}: no order is paid by this charge" for n in theirs if n not in orders)
    for number, order in orders.items():
        yield from about(order, theirs.get(number, []))
    ours = sum(order.refundable.amount for order in orders.values())
    has = sum(c["captured_amount"] - c["refunded_amount"] for c in charges if c["paid"])
    if ours != has:
        yield f"{ours} recorded, {has} at Omise"
    yield from (f"{number}: was shown, and is gone" for number in shown - set(orders))


def about(order, charges):
    """What is wrong with one order."""
    is_paid = order.paid_at is not None
    if is_paid != bool(charges) or is_paid != (
        order.status in {"paid", "partially_refunded", "refunded"}
    ):
        yield f"{order.reference}: {order.status}, with {len(charges)} charges"
    elif charges and order.amount != charges[0]["captured_amount"]:
        taken = charges[0]["captured_amount"]
        yield f"{order.reference}: {order.amount} was asked for, {taken} taken"
    refunds = [r["metadata"].get("attempt") for c in charges for r in c["refunds"]["data"]]
    ours = [
        attempt.key
        for attempt in order.attempts
        if attempt.type == OperationType.REFUND and attempt.status == AttemptStatus.SUCCEEDED
    ]
    if sorted(ours) != sorted(map(str, refunds)):
        yield f"{order.reference}: {len(ours)} recorded refunds, {len(refunds)} at Omise"


def all_charges(world):
    """Every charge that Omise has."""
    charges = []
    for offset in itertools.count(step=100):
        page = world.api("GET", "/charges", limit=100, offset=offset)["data"]
        charges += page
        if len(page) < 100:
            return charges
    return charges


@contextlib.contextmanager
def records(shop):
    """The database of the shop."""
    database = Database(shop.database_url)
    yield database
    database.dispose()

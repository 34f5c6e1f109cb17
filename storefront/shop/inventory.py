"""The stock: the last one is sold once, and what is not paid goes back on the shelf.

An order takes what it asks for before Omise hears of it, in the transaction that opens the attempt,
and gives it back when the payment fails, expires or is given up. A product without a row in the
table never runs out.
"""

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from storefront.errors import InvalidForm, OutOfStock
from storefront.models import Order, Stock
from storefront.payments.database import Database
from storefront.payments.i18n import say
from storefront.payments.repository import keep, lines_of

log = structlog.get_logger()

#: More of one thing than any shop has.
MOST = 1_000_000


class Stockroom:
    """How many of each product are left."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def left(self, order: Order | None = None) -> dict[str, int]:
        """How many are left of each product of which they are counted.

        Args:
            order: whose buyer asks: what it has taken is left for them.
        """
        with self._database.reading() as session:
            left = {stock.sku: stock.on_hand for stock in session.scalars(select(Stock))}
        for line in order.lines if order else []:
            if line.held and line.sku in left:
                left[line.sku] += line.quantity
        return left

    def put(self, sku: str, count: int | None) -> None:
        """Have that many left of a product from now on; None when it never runs out.

        Raises:
            InvalidForm: when the count is no sensible number.
        """
        if count is not None and not 0 <= count <= MOST:
            raise InvalidForm({sku: say("Enter a whole number, or leave the field empty.")})
        with self._database.writing() as session:
            kept = session.get(Stock, sku, with_for_update=True)
            if count is None:
                if kept is not None:
                    session.delete(kept)
            elif kept is None:
                session.add(Stock(sku=sku, on_hand=count))
            else:
                kept.on_hand = count

    @staticmethod
    def take(session: Session, order: Order) -> None:
        """Take what an order asks for; the caller keeps the order and its lines.

        Raises:
            OutOfStock: when there is not enough; then nothing is taken.
        """
        if order.holds_stock:
            return
        wanted = {line.sku: line for line in lines_of(session, order)}
        counted = session.execute(_COUNTED, {"skus": list(wanted)}).all()
        for sku, on_hand in counted:
            if on_hand < wanted[sku].quantity:
                raise OutOfStock(wanted[sku].name, on_hand)
        for sku, _ in counted:
            session.execute(_MORE, {"which": sku, "more": -wanted[sku].quantity})
            wanted[sku].held = order.holds_stock = True

    @staticmethod
    def give_back(session: Session, order: Order) -> None:
        """Put what an order took back on the shelf."""
        if not order.holds_stock:
            return
        order.holds_stock = False
        held = [line for line in lines_of(session, order) if line.held]
        for line in sorted(held, key=lambda line: line.sku):
            line.held = False
            session.execute(_MORE, {"which": line.sku, "more": line.quantity})
        keep(session, order, *held)
        log.info("stock_released", order=order.number)

    def take_again(self, session: Session, order: Order) -> bool:
        """Take what an order asks for once more, if there still is enough: whether there was."""
        try:
            self.take(session, order)
        except OutOfStock:
            return False
        keep(session, order, *order.lines)
        return True


_STOCK = Stock.core()

#: Locked in one order by everybody, so that nobody waits for somebody who waits for them.
_COUNTED = (
    select(_STOCK.c.sku, _STOCK.c.on_hand)
    .where(_STOCK.c.sku.in_(bindparam("skus", expanding=True)))
    .order_by(_STOCK.c.sku)
    .with_for_update()
)
_MORE = (
    update(_STOCK)
    .where(_STOCK.c.sku == bindparam("which"))
    .values(on_hand=_STOCK.c.on_hand + bindparam("more"))
)

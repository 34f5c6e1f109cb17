"""The stock: the last one is sold once, and what is not paid goes back on the shelf.

An order takes what it asks for before Omise hears of it, in the transaction that opens the attempt,
and gives it back when the payment fails, expires or is given up. A product without a row in the
table never runs out.
"""

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from .database import Database
from .errors import InvalidForm, OutOfStock
from .models import Order, Stock
from .words import say

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
            raise InvalidForm({sku: say("Enter a whole number, or leave it empty.")})
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
        """Take what an order asks for.

        Raises:
            OutOfStock: when there is not enough; whatever was taken goes back with the transaction.
        """
        if order.holds_stock:
            return
        wanted = {line.sku: line for line in order.lines}
        # Locked in one order by everybody, so that nobody waits for somebody who waits for them.
        counted = select(Stock).where(Stock.sku.in_(wanted)).order_by(Stock.sku).with_for_update()
        for stock in session.scalars(counted.execution_options(populate_existing=True)):
            line = wanted[stock.sku]
            if stock.on_hand < line.quantity:
                raise OutOfStock(line.name, stock.on_hand)
            stock.on_hand -= line.quantity
            line.held = order.holds_stock = True

    @staticmethod
    def give_back(session: Session, order: Order) -> None:
        """Put what an order took back on the shelf."""
        if not order.holds_stock:
            return
        order.holds_stock = False
        for line in sorted((line for line in order.lines if line.held), key=lambda line: line.sku):
            line.held = False
            back = update(Stock).where(Stock.sku == line.sku)
            session.execute(back.values(on_hand=Stock.on_hand + line.quantity))
        log.info("stock_released", order=order.number)

    def take_again(self, session: Session, order: Order) -> bool:
        """Take what an order asks for once more, if there still is enough: whether there was."""
        try:
            with session.begin_nested():
                self.take(session, order)
        except OutOfStock:
            return False
        return True

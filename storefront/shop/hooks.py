"""What the shop does inside the transactions of the engine: status, stock, mails."""

from collections.abc import Callable

from sqlalchemy.engine import Connection

from storefront.payments.host import AttemptPolicy, Hooks
from storefront.payments.models import Payment
from storefront.payments.statuses import ABANDONED, PaymentStatus

from .inventory import Inventory
from .orders import Orders
from .receipts import Receipts
from .staff_notices import StaffNotices


def build_hooks(
    orders: Orders,
    inventory: Inventory,
    receipts: Receipts,
    staff_notices: StaffNotices,
    attempt_policy: AttemptPolicy,
    return_uri: Callable[[Payment], str | None],
) -> Hooks:
    """The hooks that make the shop a host of the engine."""

    def status_changed(
        connection: Connection, payment: Payment, old: PaymentStatus, new: PaymentStatus
    ) -> None:
        if old != new:
            orders.set_status(connection, payment.reference, new)
        if new in ABANDONED:
            inventory.release(connection, payment.reference)
        receipts.schedule(connection, payment, old, new)

    def can_accept(connection: Connection, payment: Payment) -> bool:
        return inventory.try_reserve(connection, payment.reference)

    return Hooks(
        status_changed=status_changed,
        dispute_changed=staff_notices.schedule,
        can_accept=can_accept,
        attempt_policy=attempt_policy,
        return_uri=return_uri,
    )

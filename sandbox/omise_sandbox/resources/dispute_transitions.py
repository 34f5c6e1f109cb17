"""The transitions of a dispute. Each stores a new version of the dispute and of its charge.

open → pending (the merchant answers) → won or lost (the bank decides); open or pending → lost (the
merchant accepts).
"""

from omise_sandbox.rules.cards import BEHAVIOURS
from omise_sandbox.rules.money import convert
from omise_sandbox.storage.records import Charge, Dispute
from omise_sandbox.storage.world import World

OPEN, PENDING, WON, LOST = "open", "pending", "won", "lost"
#: Statuses in which the merchant can still answer or accept.
UNDECIDED = (OPEN, PENDING)
ACCEPTED = "Merchant accepts the dispute"  # recorded


def open_dispute(world: World, charge: Charge) -> Dispute:
    """Dispute what was captured and not refunded; it is debited at once."""
    amount = charge.captured_amount - charge.refunded_amount
    dispute = Dispute(
        id=world.new_id("dspt"),
        created_at=world.now(),
        charge=charge.id,
        amount=amount,
        currency=charge.currency,
        funding_amount=convert(amount, charge.currency, charge.funding_currency),
        funding_currency=charge.funding_currency,
        status=OPEN,
        transaction=world.new_id("trxn"),
    )
    return save(world, dispute, "dispute.create")


def open_if_card_says_so(world: World, charge: Charge) -> None:
    """Open the dispute of a test card, once its charge is captured."""
    if charge.card is None or charge.state != "captured" or charge.dispute:
        return
    if BEHAVIOURS[charge.card.behaviour].opens_dispute:
        open_dispute(world, charge)


def accept(world: World, dispute: Dispute) -> Dispute:
    """The merchant accepts: the dispute is lost."""
    lost = dispute._replace(status=LOST, closed_at=world.now(), message=dispute.message or ACCEPTED)
    return save(world, lost, "dispute.accept")


def close(world: World, dispute: Dispute, *, won: bool) -> Dispute:
    """The bank decides; what the merchant wins is credited."""
    closed = dispute._replace(status=WON if won else LOST, closed_at=world.now())
    if won:
        closed = closed._replace(credit_transaction=world.new_id("trxn"))
    return save(world, closed, "dispute.close")


def save(world: World, dispute: Dispute, event: str) -> Dispute:
    """Store the version, on its charge too."""
    world.save(dispute, event=event)
    charge = world.store.charges.by_id[dispute.charge]
    world.save(charge._replace(dispute=dispute))
    return dispute

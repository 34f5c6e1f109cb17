"""Sources: what a shopper pays by other than a card (docs.omise.co/sources-api)."""

from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.resources.source_params import new_source
from omise_sandbox.rules.errors import Refusal, not_found
from omise_sandbox.serializers.sources import source_shape
from omise_sandbox.storage.records import Source
from omise_sandbox.storage.world import World


def create(call: Call) -> Json:
    """POST /sources: one way to pay one amount. No event tells of it."""
    source = new_source(call.world, call.params, call.ip)
    call.world.save(source)
    return source_shape(call.world, source)


def retrieve(call: Call) -> Json:
    """GET /sources/:id: once charged, with the charge's status and what to pay by."""
    source = find(call.world, call.ids[0])
    return source_shape(call.world, source, call.world.ledger.charge_by(source.id))


def find(world: World, source_id: str) -> Source:
    """The source. Raises 404 `not_found`."""
    source = world.ledger.sources.get(source_id)
    if source is None:
        raise not_found("source", source_id)
    return source


def usable(world: World, source_id: str, amount: int, currency: str) -> Source:
    """The source, if it may still be charged that much.

    Raises 400 `invalid_charge` (words assumed) when it was used before or is for another amount.
    """
    source = find(world, source_id)
    if source_id in world.ledger.spent:
        raise Refusal("invalid_charge", "source was already used")
    if (source.amount, source.currency) != (amount, currency):
        raise Refusal("invalid_charge", "amount and currency must be those of the source")
    return source

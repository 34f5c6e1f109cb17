"""Sources: payment methods other than cards (docs.omise.co/sources-api)."""

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.source_params import new_source
from omise_sandbox.rules.errors import ApiError, not_found
from omise_sandbox.serializers.sources import serialize_source
from omise_sandbox.storage.records import Source
from omise_sandbox.storage.world import World


def create(call: ApiCall) -> Json:
    """POST /sources: one method for one amount. No event follows."""
    source = new_source(call.world, call.params, call.ip)
    call.world.save(source)
    return serialize_source(call.world, source)


def retrieve(call: ApiCall) -> Json:
    """GET /sources/:id: once charged, with the charge's status and its code."""
    source = find(call.world, call.ids[0])
    return serialize_source(call.world, source, call.world.store.charge_by(source.id))


def find(world: World, source_id: str) -> Source:
    """The source. Raises 404 `not_found`."""
    source = world.store.sources.get(source_id)
    if source is None:
        raise not_found("source", source_id)
    return source


def usable(world: World, source_id: str, amount: int, currency: str) -> Source:
    """The source, if it can still be charged for that amount.

    Raises 400 `invalid_charge` (message assumed) when it was used before or has another amount.
    """
    source = find(world, source_id)
    if source_id in world.store.used_by:
        raise ApiError("invalid_charge", "source was already used")
    if (source.amount, source.currency) != (amount, currency):
        raise ApiError("invalid_charge", "amount and currency must be those of the source")
    return source

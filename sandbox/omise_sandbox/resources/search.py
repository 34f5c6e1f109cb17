"""Search over charges and customers. It reads every one of them; all other calls are O(1).

Source: docs.omise.co/search-query-and-filters.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import ApiError
from omise_sandbox.rules.search_filters import (
    CHARGE_FILTERS,
    CUSTOMER_FILTERS,
    Test,
    texts_of_charge,
    texts_of_customer,
)
from omise_sandbox.serializers.cards import serialize_customer
from omise_sandbox.serializers.charges import serialize_charge
from omise_sandbox.storage.collection import Collection
from omise_sandbox.storage.store import Store
from omise_sandbox.storage.world import World

PER_PAGE, MAX_PER_PAGE = 30, 100
#: Other scopes of Omise (the provider's schema).
OTHER_SCOPES = {
    *("audit", "charge_schedule", "dispute", "event", "link", "linked_account", "log_entry"),
    *("receipt", "recipient", "refund", "sub_merchant", "transfer", "transfer_schedule"),
    "transaction",
}


class Scope(NamedTuple):
    """A search scope: its collection, the texts of a query, the filters, and the serializer."""

    collection: Callable[[Store], Collection[Any]]
    texts: Callable[[Any], Iterator[str | None]]
    filters: dict[str, Callable[[str], Test]]
    shape: Callable[[World, Any], Json]


SCOPES = {
    "charge": Scope(
        lambda store: store.charges,
        texts_of_charge,
        CHARGE_FILTERS,
        lambda world, charge: serialize_charge(world, charge, world.now(), listed=True),
    ),
    "customer": Scope(
        lambda store: store.customers,
        texts_of_customer,
        CUSTOMER_FILTERS,
        lambda world, customer: serialize_customer(world, customer, world.now()),
    ),
}


def anything(call: ApiCall) -> Json:
    """GET /search in a `scope`. 422 for an unknown one, 501 for an unsupported one."""
    scope = param_types.text(call.params, "scope", "invalid_scope")
    if scope in OTHER_SCOPES:
        raise ApiError("not_imitated", f"searching {scope} is not supported")
    if scope not in SCOPES:
        raise ApiError("invalid_scope")
    return _found(call, scope, "/search")


def charges(call: ApiCall) -> Json:
    """GET /charges/search: the same without a scope; envelope and location assumed."""
    return _found(call, "charge", "/charges/search")


def customers(call: ApiCall) -> Json:
    """GET /customers/search."""
    return _found(call, "customer", "/customers/search")


def _found(call: ApiCall, name: str, location: str) -> Json:
    """A page of the objects that match the query and every filter, newest first by default."""
    world, scope, params = call.world, SCOPES[name], call.params
    page = _natural(params, "page", 1, None)
    per_page = _natural(params, "per_page", PER_PAGE, MAX_PER_PAGE)
    order, query = _order(params), param_types.text(params, "query")
    filters = _filters(params)
    tests = [*_filter_tests(scope, filters), *_query_tests(scope, query)]
    records = scope.collection(world.store).all(newest_first=order == "reverse_chronological")
    matches = [record for record in records if all(test(record) for test in tests)]
    shown = matches[(page - 1) * per_page : page * per_page]
    return {
        "object": "search",
        "export": None,
        "data": [scope.shape(world, record) for record in shown],
        "page": page,
        "per_page": per_page,
        "total": len(matches),
        "total_pages": -(-len(matches) // per_page),
        "filters": filters,
        "location": location,
        "order": order,
        "query": query,
        "scope": name,
        "aggregate_level": None,
    }


def _natural(params: Json, name: str, default: int, most: int | None) -> int:
    """A number from 1. More than 100 per page is rejected (assumed)."""
    if params.get(name) in (None, ""):
        return default
    number = param_types.integer(params, name)
    if number is None or number < 1 or (most and number > most):
        raise ApiError(f"invalid_{name}")
    return number


def _order(params: Json) -> str:
    order = params.get("order") or "reverse_chronological"
    if order not in ("chronological", "reverse_chronological"):
        param_types.reject("order", "bad_request")
    return str(order)


def _filters(params: Json) -> dict[str, str]:
    """As texts, as Omise echoes them (recorded: "true")."""
    filters = param_types.mapping(params, "filters", "invalid_filter") or {}
    return {name: _as_text(value) for name, value in filters.items()}


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        return str(value)
    raise ApiError("invalid_filter")


def _filter_tests(scope: Scope, filters: dict[str, str]) -> list[Test]:
    if not filters.keys() <= scope.filters.keys():
        raise ApiError("invalid_filter")
    return [scope.filters[name](value) for name, value in filters.items()]


def _query_tests(scope: Scope, query: str | None) -> list[Test]:
    if not query:
        return []
    wanted = query.lower()
    return [lambda record: any(wanted in (text or "").lower() for text in scope.texts(record))]

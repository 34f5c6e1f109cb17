"""Search over charges and customers. It reads every one of them; the rest is O(1).

Source: docs.omise.co/search-query-and-filters.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import Refusal
from omise_sandbox.rules.search_filters import (
    CHARGE_FILTERS,
    CUSTOMER_FILTERS,
    Test,
    texts_of_charge,
    texts_of_customer,
)
from omise_sandbox.serializers.cards import customer_shape
from omise_sandbox.serializers.charges import charge_shape
from omise_sandbox.storage.collection import Shelf
from omise_sandbox.storage.store import Ledger
from omise_sandbox.storage.world import World

PER_PAGE, MOST_PER_PAGE = 30, 100
#: Scopes that Omise has besides ours (the provider's schema).
OTHER_SCOPES = {
    *("audit", "charge_schedule", "dispute", "event", "link", "linked_account", "log_entry"),
    *("receipt", "recipient", "refund", "sub_merchant", "transfer", "transfer_schedule"),
    "transaction",
}


class Scope(NamedTuple):
    """Something to search: where it is kept, what a query reads, filters, and its shape."""

    shelf: Callable[[Ledger], Shelf[Any]]
    texts: Callable[[Any], Iterator[str | None]]
    filters: dict[str, Callable[[str], Test]]
    shape: Callable[[World, Any], Json]


SCOPES = {
    "charge": Scope(
        lambda ledger: ledger.charges,
        texts_of_charge,
        CHARGE_FILTERS,
        lambda world, charge: charge_shape(world, charge, world.now(), listed=True),
    ),
    "customer": Scope(
        lambda ledger: ledger.customers,
        texts_of_customer,
        CUSTOMER_FILTERS,
        lambda world, customer: customer_shape(world, customer, world.now()),
    ),
}


def anything(call: Call) -> Json:
    """GET /search in a `scope`. 422 for an unknown one, 501 for one that is not imitated."""
    scope = param_types.text(call.params, "scope", "invalid_scope")
    if scope in OTHER_SCOPES:
        raise Refusal("not_imitated", f"searching {scope} is not imitated")
    if scope not in SCOPES:
        raise Refusal("invalid_scope")
    return _found(call, scope, "/search")


def charges(call: Call) -> Json:
    """GET /charges/search: the same without a scope; envelope and location assumed."""
    return _found(call, "charge", "/charges/search")


def customers(call: Call) -> Json:
    """GET /customers/search."""
    return _found(call, "customer", "/customers/search")


def _found(call: Call, name: str, location: str) -> Json:
    """A page of what meets the query and every filter, newest first unless asked otherwise."""
    world, scope, wishes = call.world, SCOPES[name], call.params
    page = _natural(wishes, "page", 1, None)
    per_page = _natural(wishes, "per_page", PER_PAGE, MOST_PER_PAGE)
    order, query = _order(wishes), param_types.text(wishes, "query")
    filters = _filters(wishes)
    tests = [*_filter_tests(scope, filters), *_query_tests(scope, query)]
    records = scope.shelf(world.ledger).all(newest_first=order == "reverse_chronological")
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


def _natural(wishes: Json, name: str, default: int, most: int | None) -> int:
    """A number from 1 on. More per page than 100 is refused (assumed)."""
    if wishes.get(name) in (None, ""):
        return default
    number = param_types.integer(wishes, name)
    if number is None or number < 1 or (most and number > most):
        raise Refusal(f"invalid_{name}")
    return number


def _order(wishes: Json) -> str:
    order = wishes.get("order") or "reverse_chronological"
    if order not in ("chronological", "reverse_chronological"):
        param_types.refuse("order", "bad_request")
    return str(order)


def _filters(wishes: Json) -> dict[str, str]:
    """As texts, which is how they are echoed (recorded: "true")."""
    filters = param_types.mapping(wishes, "filters", "invalid_filter") or {}
    return {name: _as_text(value) for name, value in filters.items()}


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        return str(value)
    raise Refusal("invalid_filter")


def _filter_tests(scope: Scope, filters: dict[str, str]) -> list[Test]:
    if not filters.keys() <= scope.filters.keys():
        raise Refusal("invalid_filter")
    return [scope.filters[name](wish) for name, wish in filters.items()]


def _query_tests(scope: Scope, query: str | None) -> list[Test]:
    if not query:
        return []
    wanted = query.lower()
    return [lambda record: any(wanted in (text or "").lower() for text in scope.texts(record))]

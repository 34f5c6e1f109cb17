"""Every call of Omise's API: method, path, whose key opens it, and who answers.

Doors: `vault` takes the public key, `merchant` the secret one, `both` either.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from omise_sandbox.resources import (
    absent,
    account,
    charges,
    customers,
    events,
    refunds,
    search,
    sources,
    tokens,
    transactions,
)
from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.rules.errors import Refusal

Handler = Callable[[Call], Json]


@dataclass(frozen=True, slots=True)
class Route:
    """One call; `{…}` in the pattern stands for an id."""

    method: str
    pattern: str
    door: str
    handler: Callable[..., Any]

    @property
    def name(self) -> str:
        """The call as the tables of fidelity name it."""
        return f"{self.method} {self.pattern}"


class Match(NamedTuple):
    """The route of a request and the ids in its path."""

    route: Route
    ids: tuple[str, ...]


API = [
    Route("POST", "/tokens", "vault", tokens.create),
    Route("GET", "/tokens/{token}", "vault", tokens.retrieve),
    Route("POST", "/sources", "both", sources.create),
    Route("GET", "/sources/{source}", "both", sources.retrieve),
    Route("POST", "/charges", "merchant", charges.create),
    Route("GET", "/charges", "merchant", charges.index),
    Route("GET", "/charges/search", "merchant", search.charges),
    Route("GET", "/charges/{charge}", "merchant", charges.retrieve),
    Route("GET", "/charges/{charge}/documents/{document}", "merchant", charges.document),
    Route("PATCH", "/charges/{charge}", "merchant", charges.update),
    Route("POST", "/charges/{charge}/capture", "merchant", charges.capture),
    Route("POST", "/charges/{charge}/reverse", "merchant", charges.reverse),
    Route("POST", "/charges/{charge}/expire", "merchant", charges.expire),
    Route("POST", "/charges/{charge}/mark_as_paid", "merchant", charges.mark_as_paid),
    Route("POST", "/charges/{charge}/mark_as_failed", "merchant", charges.mark_as_failed),
    Route("GET", "/charges/{charge}/events", "merchant", charges.events),
    Route("POST", "/charges/{charge}/refunds", "merchant", refunds.create),
    Route("GET", "/charges/{charge}/refunds", "merchant", refunds.of_charge),
    Route("GET", "/charges/{charge}/refunds/{refund}", "merchant", refunds.retrieve),
    Route("GET", "/refunds", "merchant", refunds.index),
    Route("POST", "/customers", "merchant", customers.create),
    Route("GET", "/customers", "merchant", customers.index),
    Route("GET", "/customers/search", "merchant", search.customers),
    Route("GET", "/customers/{customer}", "merchant", customers.retrieve),
    Route("PATCH", "/customers/{customer}", "merchant", customers.update),
    Route("DELETE", "/customers/{customer}", "merchant", customers.delete),
    Route("GET", "/customers/{customer}/cards", "merchant", customers.cards),
    Route("POST", "/customers/{customer}/cards", "merchant", customers.add_card),
    Route("GET", "/customers/{customer}/cards/{card}", "merchant", customers.retrieve_card),
    Route("PATCH", "/customers/{customer}/cards/{card}", "merchant", customers.update_card),
    Route("DELETE", "/customers/{customer}/cards/{card}", "merchant", customers.delete_card),
    Route("GET", "/events", "merchant", events.index),
    Route("GET", "/events/{event}", "merchant", events.retrieve),
    Route("GET", "/capability", "both", account.capability),
    Route("GET", "/account", "merchant", account.retrieve),
    Route("PATCH", "/account", "merchant", account.update),
    Route("GET", "/balance", "merchant", account.balance),
    Route("GET", "/transactions", "merchant", transactions.index),
    Route("GET", "/transactions/{transaction}", "merchant", transactions.retrieve),
    Route("GET", "/search", "merchant", search.anything),
]

#: What Omise has (the provider's schema) and the sandbox does not imitate: these paths and all
#: below them, but for the first.
NOT_IMITATED = (
    "/",
    "/account/api_version",
    "/account/api_versions",
    "/audits",
    "/chains",
    "/charges/schedules",
    "/charges/{charge}/disputes",
    "/charges/{charge}/documents",
    "/customers/{customer}/linked_accounts",
    "/customers/{customer}/schedules",
    "/disputes",
    "/forex",
    "/linked_accounts",
    "/links",
    "/occurrences",
    "/receipts",
    "/recipients",
    "/refunds/search",
    "/schedules",
    "/schema",
    "/transfers",
)
ANY_METHOD = "*"
ABSENT = [Route(ANY_METHOD, pattern, "both", absent.refuse) for pattern in NOT_IMITATED]


class Node:
    """A place in the tree of paths: what comes next, and what is answered here."""

    __slots__ = ("children", "routes")

    def __init__(self) -> None:
        self.children: dict[str, Node] = {}
        self.routes: dict[str, Route] = {}


class Router:
    """Finds the route of a request by walking its path, whatever the number of routes."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = Node()
        for route in routes:
            self._plant(route)

    def find(self, method: str, path: str) -> Match:
        """The route and the ids. Raises `Refusal`: 404 for no such path, 405 for the method."""
        node, ids = self._root, []
        for segment in path.strip("/").split("/"):
            following = node.children.get(segment)
            if following is None and segment:
                following = node.children.get("{}")
                ids.append(segment)
            if following is None:
                return self._below(node, path)
            node = following
        return Match(_route_for(method, node.routes, path), tuple(ids))

    def _plant(self, route: Route) -> None:
        node = self._root
        for segment in route.pattern.strip("/").split("/"):
            name = "{}" if segment.startswith("{") else segment
            node = node.children.setdefault(name, Node())
        node.routes[route.method] = route

    def _below(self, node: Node, path: str) -> Match:
        """What is below a path that is not imitated is not imitated either."""
        if ANY_METHOD in node.routes:
            return Match(node.routes[ANY_METHOD], ())
        raise Refusal("not_found", f"{path} was not found")


def _route_for(method: str, routes: Mapping[str, Route], path: str) -> Route:
    route = routes.get("GET" if method == "HEAD" else method) or routes.get(ANY_METHOD)
    if route:
        return route
    if not routes:
        raise Refusal("not_found", f"{path} was not found")
    raise Refusal("method_not_allowed", f"{method} is not allowed here; use {', '.join(routes)}")

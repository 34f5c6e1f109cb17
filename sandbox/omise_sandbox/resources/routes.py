"""Every call of the API: method, path, accepted key, and handler.

Scopes: `public_key` accepts the public key, `secret_key` the secret one, `any_key` both.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from omise_sandbox.resources import (
    account,
    charges,
    customers,
    disputes,
    events,
    refunds,
    search,
    sources,
    tokens,
    transactions,
    unsupported,
)
from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.rules.errors import ApiError

Handler = Callable[[ApiCall], Json]


@dataclass(frozen=True, slots=True)
class Route:
    """One call; `{…}` in the pattern is an id."""

    method: str
    pattern: str
    scope: str
    handler: Callable[..., Any]

    @property
    def name(self) -> str:
        """The name of the call in the fidelity manifest."""
        return f"{self.method} {self.pattern}"


def control(method: str, path: str, handler: Callable[..., Any]) -> Route:
    """The route of a control."""
    return Route(method, f"/_sandbox/{path}", "control", handler)


class Match(NamedTuple):
    """The route of a request and the ids in its path."""

    route: Route
    ids: tuple[str, ...]


DOCUMENT = "/disputes/{dispute}/documents/{document}"

API = [
    Route("POST", "/tokens", "public_key", tokens.create),
    Route("GET", "/tokens/{token}", "public_key", tokens.retrieve),
    Route("POST", "/sources", "any_key", sources.create),
    Route("GET", "/sources/{source}", "any_key", sources.retrieve),
    Route("POST", "/charges", "secret_key", charges.create),
    Route("GET", "/charges", "secret_key", charges.index),
    Route("GET", "/charges/search", "secret_key", search.charges),
    Route("GET", "/charges/{charge}", "secret_key", charges.retrieve),
    Route("GET", "/charges/{charge}/documents/{document}", "secret_key", charges.document),
    Route("PATCH", "/charges/{charge}", "secret_key", charges.update),
    Route("POST", "/charges/{charge}/capture", "secret_key", charges.capture),
    Route("POST", "/charges/{charge}/reverse", "secret_key", charges.reverse),
    Route("POST", "/charges/{charge}/expire", "secret_key", charges.expire),
    Route("POST", "/charges/{charge}/mark_as_paid", "secret_key", charges.mark_as_paid),
    Route("POST", "/charges/{charge}/mark_as_failed", "secret_key", charges.mark_as_failed),
    Route("GET", "/charges/{charge}/events", "secret_key", charges.events),
    Route("POST", "/charges/{charge}/refunds", "secret_key", refunds.create),
    Route("GET", "/charges/{charge}/refunds", "secret_key", refunds.of_charge),
    Route("GET", "/charges/{charge}/refunds/{refund}", "secret_key", refunds.retrieve),
    Route("GET", "/refunds", "secret_key", refunds.index),
    Route("POST", "/customers", "secret_key", customers.create),
    Route("GET", "/customers", "secret_key", customers.index),
    Route("GET", "/customers/search", "secret_key", search.customers),
    Route("GET", "/customers/{customer}", "secret_key", customers.retrieve),
    Route("PATCH", "/customers/{customer}", "secret_key", customers.update),
    Route("DELETE", "/customers/{customer}", "secret_key", customers.delete),
    Route("GET", "/customers/{customer}/cards", "secret_key", customers.cards),
    Route("POST", "/customers/{customer}/cards", "secret_key", customers.add_card),
    Route("PATCH", "/customers/{customer}/cards", "secret_key", customers.add_card),
    Route("GET", "/customers/{customer}/cards/{card}", "secret_key", customers.retrieve_card),
    Route("PATCH", "/customers/{customer}/cards/{card}", "secret_key", customers.update_card),
    Route("DELETE", "/customers/{customer}/cards/{card}", "secret_key", customers.delete_card),
    Route("POST", "/charges/{charge}/disputes", "secret_key", disputes.create),
    Route("GET", "/disputes", "secret_key", disputes.index),
    *(Route("GET", path, "secret_key", disputes.list_of(path)) for path in disputes.LISTS),
    Route("GET", "/disputes/{dispute}", "secret_key", disputes.retrieve),
    Route("PATCH", "/disputes/{dispute}", "secret_key", disputes.update),
    Route("PATCH", "/disputes/{dispute}/accept", "secret_key", disputes.accept_dispute),
    Route("GET", "/disputes/{dispute}/documents", "secret_key", disputes.documents),
    Route("POST", "/disputes/{dispute}/documents", "secret_key", disputes.add_document),
    Route("GET", DOCUMENT, "secret_key", disputes.retrieve_document),
    Route("DELETE", DOCUMENT, "secret_key", disputes.delete_document),
    Route("GET", "/events", "secret_key", events.index),
    Route("GET", "/events/{event}", "secret_key", events.retrieve),
    Route("GET", "/capability", "any_key", account.capability),
    Route("GET", "/account", "secret_key", account.retrieve),
    Route("PATCH", "/account", "secret_key", account.update),
    Route("GET", "/balance", "secret_key", account.balance),
    Route("GET", "/transactions", "secret_key", transactions.index),
    Route("GET", "/transactions/{transaction}", "secret_key", transactions.retrieve),
    Route("GET", "/search", "secret_key", search.anything),
]

#: Paths of Omise (the provider's schema) that the sandbox does not support: these and all
#: below them, except below the first.
UNSUPPORTED_PATHS = (
    "/",
    "/account/api_version",
    "/account/api_versions",
    "/audits",
    "/chains",
    "/charges/schedules",
    "/charges/{charge}/documents",
    "/customers/{customer}/linked_accounts",
    "/customers/{customer}/schedules",
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
UNSUPPORTED_ROUTES = [
    Route(ANY_METHOD, pattern, "any_key", unsupported.reject) for pattern in UNSUPPORTED_PATHS
]


class Node:
    """A node in the tree of paths: its children, and the routes that end here."""

    __slots__ = ("children", "routes")

    def __init__(self) -> None:
        self.children: dict[str, Node] = {}
        self.routes: dict[str, Route] = {}


class Router:
    """Finds the route of a request by walking its path, independent of the number of routes."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = Node()
        for route in routes:
            self._plant(route)

    def find(self, method: str, path: str) -> Match:
        """The route and the ids. Raises `ApiError`: 404 for an unknown path, 405 for the method."""
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
        """A path below an unsupported one is unsupported too."""
        if ANY_METHOD in node.routes:
            return Match(node.routes[ANY_METHOD], ())
        raise ApiError("not_found", f"{path} was not found")


def _route_for(method: str, routes: Mapping[str, Route], path: str) -> Route:
    route = routes.get("GET" if method == "HEAD" else method) or routes.get(ANY_METHOD)
    if route:
        return route
    if not routes:
        raise ApiError("not_found", f"{path} was not found")
    raise ApiError("method_not_allowed", f"{method} is not allowed here; use {', '.join(routes)}")

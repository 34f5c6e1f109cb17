"""What a resource sees of a request: its world, the ids in the path, the parameters."""

from dataclasses import dataclass, field
from typing import Any

from omise_sandbox.storage.world import World

Json = dict[str, Any]


@dataclass(slots=True)
class ApiCall:
    """One parsed and authenticated request."""

    world: World
    #: The ids in the path, in order.
    ids: tuple[str, ...] = ()
    params: Json = field(default_factory=dict)
    #: Scheme and host that the caller used, for URLs in answers.
    base_url: str = ""
    path: str = ""
    #: The IP address of the caller.
    ip: str | None = None
    #: The failure code with which a fault declines the charge.
    declined_as: str | None = None

    def following(self, *ids: str, **params: object) -> "ApiCall":
        """Another call in the same world, as if the same caller made it."""
        return ApiCall(self.world, ids, params, self.base_url, self.path, self.ip)

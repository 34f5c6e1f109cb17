"""The log of requests."""

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.routes import Route, control
from omise_sandbox.rules import param_types
from omise_sandbox.serializers.lists import control_list


def routes() -> list[Route]:
    """Read the log."""
    return [control("GET", "requests", index)]


def index(call: ApiCall) -> Json:
    """The last 500 requests, oldest first: by `method`, `path` (and below), `after` an id."""
    method = param_types.text(call.params, "method")
    found = call.world.request_log.find(
        method.upper() if method else None,
        param_types.text(call.params, "path"),
        param_types.integer(call.params, "after") or 0,
    )
    return control_list([entry.to_json() for entry in found])

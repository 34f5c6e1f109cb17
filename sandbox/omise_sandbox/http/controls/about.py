"""What the sandbox says about itself."""

from collections.abc import Iterable

from omise_sandbox.fidelity import manifest
from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.routes import Route, control


def routes() -> list[Route]:
    """Health and the fidelity manifest."""
    return [control("GET", "health", health), control("GET", "fidelity", fidelity)]


def health(call: ApiCall) -> Json:
    """The sandbox is running."""
    return {"object": "health", "status": "ok", "livemode": call.world.livemode}


def fidelity(_: ApiCall) -> Json:
    """The source of everything that is imitated, and what is not supported."""
    return manifest()


def openapi_route(controls: Iterable[Route]) -> Route:
    """The route of the OpenAPI document of the API and of these controls."""

    def openapi(call: ApiCall) -> Json:
        """The OpenAPI 3.1 document, generated from the routes and the fidelity manifest."""
        from omise_sandbox.openapi.document import document  # on first use, for a faster start

        return document(controls, call.base_url)

    return control("GET", "openapi.json", openapi)

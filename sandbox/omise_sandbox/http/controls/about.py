"""What the sandbox says about itself."""

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

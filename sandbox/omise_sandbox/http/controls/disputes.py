"""The decision of the bank on a dispute."""

from omise_sandbox.resources import disputes
from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.dispute_transitions import UNDECIDED, close
from omise_sandbox.resources.routes import Route, control
from omise_sandbox.rules.errors import ApiError
from omise_sandbox.serializers.disputes import serialize_dispute


def routes() -> list[Route]:
    """Close a dispute."""
    return [control("POST", "disputes/{dispute}/close", decide)]


def decide(call: ApiCall) -> Json:
    """Close a dispute with `status` won or lost."""
    dispute, status = disputes.find(call), call.params.get("status")
    if status not in ("won", "lost"):
        raise ApiError("bad_request", "status must be won or lost")
    if dispute.status not in UNDECIDED:
        raise ApiError("bad_request", f"dispute is already {dispute.status}")
    return serialize_dispute(call.world, close(call.world, dispute, won=status == "won"))

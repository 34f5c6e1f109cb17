"""What Omise has and the sandbox does not imitate: said aloud, never answered quietly."""

from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.rules.errors import Refusal


def refuse(call: Call) -> Json:
    """501 `not_imitated`."""
    raise Refusal("not_imitated")

"""What Omise has and the sandbox does not imitate: said aloud, never answered quietly."""

from sandbox.call import Call, Json
from sandbox.errors import Refusal


def refuse(call: Call) -> Json:
    """501 `not_imitated`."""
    raise Refusal("not_imitated")

"""The handler of paths that Omise has and the sandbox does not support."""

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.rules.errors import ApiError


def reject(call: ApiCall) -> Json:
    """Raise 501 `not_imitated`."""
    raise ApiError("not_imitated", f"the sandbox does not support {call.path}")

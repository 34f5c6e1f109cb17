"""The payment engine: payments with Omise, charged once, with attempts, webhooks, reconciliation.

Copy this folder into a Flask app; README.md in it says how. Start reading at `service.py`.

The public names below are imported on first use, so that `payments.omise` can be used alone.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .dispute_models import PaymentDispute as PaymentDispute
    from .errors import PaymentError as PaymentError
    from .extension import OmisePayments as OmisePayments
    from .host import AttemptPolicy as AttemptPolicy
    from .host import CanAccept as CanAccept
    from .host import DisputeChanged as DisputeChanged
    from .host import Hooks as Hooks
    from .host import OnChange as OnChange
    from .host import PaymentRequest as PaymentRequest
    from .host import StatusChanged as StatusChanged
    from .models import Payment as Payment
    from .statuses import PaymentStatus as PaymentStatus

#: Public name → the module that defines it.
_MODULES = {
    "AttemptPolicy": "host",
    "CanAccept": "host",
    "DisputeChanged": "host",
    "Hooks": "host",
    "OmisePayments": "extension",
    "OnChange": "host",
    "Payment": "models",
    "PaymentDispute": "dispute_models",
    "PaymentError": "errors",
    "PaymentRequest": "host",
    "PaymentStatus": "statuses",
    "StatusChanged": "host",
}

__all__ = list(_MODULES)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any of the public names
    """A public name, imported on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)

"""A client for Omise. This folder can be copied alone: it imports nothing else of the project.

Needs only `requests`. Start at client.py.
"""

from .budget import at_most as at_most
from .capability import Capability as Capability
from .capability import MethodOption as MethodOption
from .client import OmiseClient as OmiseClient
from .errors import OmiseError as OmiseError
from .errors import OmiseRejected as OmiseRejected
from .errors import OmiseUnknown as OmiseUnknown
from .errors import OmiseUnreachable as OmiseUnreachable
from .errors import OmiseUnreadable as OmiseUnreadable
from .objects import Card as Card
from .objects import Charge as Charge
from .objects import Customer as Customer
from .objects import Dispute as Dispute
from .objects import Refund as Refund
from .objects import Token as Token
from .webhooks import Event as Event
from .webhooks import UntrustedEvent as UntrustedEvent
from .webhooks import verify_signature as verify_signature

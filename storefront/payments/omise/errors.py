"""What can come of asking Omise, besides an answer.

OmiseError
├── OmiseRejected      Omise understood and refused: .status .code .message; nothing happened
├── OmiseUnreachable   nothing was sent, so nothing happened
├── OmiseUnknown       sent, but no usable answer: it may have happened or not; look before you act
│   └── OmiseUnreadable    an object came back that cannot be read; names it
└── UntrustedEvent     a webhook that does not prove where it came from (webhooks.py)

The first three are apart because only the first two may be followed by another try.
"""


class OmiseError(Exception):
    """Omise gave no answer that says yes."""


class OmiseRejected(OmiseError):
    """Omise understood the request and refused it; nothing happened.

    The codes are listed at docs.omise.co/api-errors.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.message = message


class OmiseUnreachable(OmiseError):
    """No connection could be made; the request never left, so nothing happened."""


class OmiseUnknown(OmiseError):
    """The request may have reached Omise, and no usable answer came back.

    A timeout, a connection cut half-way, a 5xx, a redirect or a body that is no JSON all end here.
    The caller must look the object up before it asks again.
    """


class OmiseUnreadable(OmiseUnknown):
    """An object came back that cannot be read, or cannot be true; the message names it."""

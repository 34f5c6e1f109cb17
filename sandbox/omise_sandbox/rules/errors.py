"""The errors of the API: every code with its status and default message.

Source of the codes: docs.omise.co/api-errors, and the brief where marked. "assumed" marks what no
source tells.
"""

from typing import Any, NamedTuple

LOCATION = "https://www.omise.co/api-errors#"


class Answer(NamedTuple):
    """The HTTP status and the default message of a code."""

    status: int
    message: str


CODES = {
    "bad_request": Answer(400, "bad request"),
    "expired_charge": Answer(400, "charge expired"),
    "failed_capture": Answer(400, "capture failed"),
    "failed_expire": Answer(400, "expire failed"),
    "failed_refund": Answer(400, "charge can't be refunded"),
    "failed_reverse": Answer(400, "only uncaptured authorized charges can be reversed"),
    "failed_void": Answer(400, "void failed"),
    "feature_not_supported": Answer(400, "this feature is not supported"),
    "invalid_amount": Answer(400, "amount must be an integer"),
    "invalid_card": Answer(400, "card is invalid"),
    "invalid_charge": Answer(400, "charge is invalid"),
    "documents_locked": Answer(400, "documents of a closed dispute can't be modified"),
    "invalid_dispute": Answer(400, "dispute is invalid"),
    "invalid_expiration_date": Answer(400, "expiration date is invalid"),  # brief
    "invalid_security_code": Answer(400, "security code is invalid"),  # brief
    "missing_card": Answer(400, "request contains no card parameters"),
    "token_expired": Answer(400, "token has expired"),  # brief; message assumed
    "used_token": Answer(400, "token was already used"),
    "authentication_failure": Answer(401, "authentication failed"),
    "not_authorized": Answer(403, "you are not authorized to do this"),
    "not_found": Answer(404, "the requested object was not found"),
    "token_not_found": Answer(404, "the requested token was not found"),  # brief
    "method_not_allowed": Answer(405, "this method is not allowed here"),  # assumed
    "request_timeout": Answer(408, "the request did not arrive in time"),  # assumed
    "invalid_scope": Answer(422, "invalid scope"),
    "invalid_filter": Answer(422, "invalid filters"),
    "invalid_page": Answer(422, "invalid page"),
    "invalid_per_page": Answer(422, "invalid per_page"),
    "payload_too_large": Answer(413, "request body is larger than 1 MiB"),  # assumed
    "too_many_requests": Answer(429, "too many requests"),
    "internal_error": Answer(500, "internal error"),
    "not_imitated": Answer(501, "the sandbox does not support this"),  # the sandbox's own
    "service_unavailable": Answer(503, "service unavailable"),  # assumed
}


class ApiError(Exception):
    """An error of the API: code, message and HTTP status, by default those of the code."""

    def __init__(self, code: str, message: str | None = None, status: int | None = None) -> None:
        usual = CODES.get(code, CODES["bad_request"])
        self.code = code
        self.message = message or usual.message
        self.status = status or usual.status
        super().__init__(f"{self.status} {code}: {self.message}")

    @property
    def envelope(self) -> dict[str, Any]:
        """The error object: exactly the four keys of the recordings."""
        return {
            "object": "error",
            "location": LOCATION + self.code.replace("_", "-"),
            "code": self.code,
            "message": self.message,
        }


def not_found(kind: str, object_id: object, code: str = "not_found") -> ApiError:
    """An error such as `customer cust_… was not found`, with the code of the dialect."""
    return ApiError(code, f"{kind} {object_id} was not found")


def join_messages(messages: list[str]) -> str:
    """Join messages in the style of Omise: "a", "a and b", "a, b, and c"."""
    if len(messages) < 3:
        return " and ".join(messages)
    return f"{', '.join(messages[:-1])}, and {messages[-1]}"

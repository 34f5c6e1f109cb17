"""Parameters of Omise that the sandbox does not support: rejected with 501, never ignored.

Parameters that no source knows are ignored, as Omise does.
"""

from collections.abc import Mapping
from typing import Any

from omise_sandbox.rules.errors import ApiError, join_messages

#: Call → its parameters that are documented or sent by official clients, and not supported.
#: fidelity.toml names the source of each.
UNSUPPORTED_PARAMS: dict[str, frozenset[str]] = {
    "POST /customers": frozenset({"linked_account"}),
    "POST /sources": frozenset({"supplier_id"}),
    "GET /charges": frozenset({"expand"}),
    "GET /charges/search": frozenset({"expand"}),
    "GET /charges/{charge}/refunds": frozenset({"expand"}),
    "GET /customers": frozenset({"expand"}),
    "GET /customers/search": frozenset({"expand"}),
    "GET /refunds": frozenset({"expand"}),
    "GET /search": frozenset({"expand"}),
}
#: Call → documented parameters that are accepted and change nothing that a shop can see.
IGNORED_PARAMS: dict[str, frozenset[str]] = {
    "POST /charges": frozenset(
        {
            "first_charge",
            "linked_account",
            "recurring_reason",
            "reference",
            "transaction_indicator",
        }
    ),
}
#: Values that forms and clients send for an absent parameter.
BLANK: tuple[object, ...] = ("", [], {}, False, "false", "0")


def reject_unsupported(call: str, params: Mapping[str, Any]) -> None:
    """Raise 501 `not_imitated`, naming the parameters, when a call uses unsupported ones."""
    known = UNSUPPORTED_PARAMS.get(call)
    if known is None or known.isdisjoint(params):
        return
    asked = sorted(name for name in known.intersection(params) if params[name] not in BLANK)
    if asked:
        verb = "is" if len(asked) == 1 else "are"
        raise ApiError("not_imitated", f"{join_messages(asked)} {verb} not supported at {call}")

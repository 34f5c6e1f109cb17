"""Parameters that Omise takes and the sandbox does not imitate: said aloud, never passed over.

What no source knows is passed over, as Omise does with it.
"""

from collections.abc import Mapping
from typing import Any

from omise_sandbox.rules.errors import Refusal, joined

#: Call → its parameters that are documented, or sent by official clients, and not imitated.
#: Where each is known from stands in fidelity.toml.
NOT_IMITATED: dict[str, frozenset[str]] = {
    "POST /charges": frozenset(
        {
            "authentication",
            "first_charge",
            "linked_account",
            "recurring_reason",
            "reference",
            "statement_descriptor",
            "transaction_indicator",
        }
    ),
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
#: What forms and clients send for nothing.
BLANK: tuple[object, ...] = ("", [], {}, False, "false", "0")


def refuse_not_imitated(call: str, params: Mapping[str, Any]) -> None:
    """Raises 501 `not_imitated`, with the names, when something is asked for that is not done."""
    known = NOT_IMITATED.get(call)
    if known is None or known.isdisjoint(params):
        return
    asked = sorted(name for name in known.intersection(params) if params[name] not in BLANK)
    if asked:
        verb = "is" if len(asked) == 1 else "are"
        raise Refusal("not_imitated", f"{joined(asked)} {verb} not imitated at {call}")

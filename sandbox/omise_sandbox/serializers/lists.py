"""The envelope of every list (recorded; docs.omise.co/api-pagination)."""

from typing import Any

from omise_sandbox.resources.api_call import Json
from omise_sandbox.storage.clock import iso
from omise_sandbox.storage.collection import Page

START_OF_TIME = iso(0)
EMBEDDED = Page()


def serialize_list(
    data: list[Any], location: str, total: int, now: int, page: Page = EMBEDDED
) -> Json:
    """A list; without a page it is embedded in an object, with the default limits."""
    return {
        "object": "list",
        "data": data,
        "limit": page.limit,
        "offset": page.offset,
        "total": total,
        "location": location,
        "order": "reverse_chronological" if page.newest_first else "chronological",
        "from": iso(page.since) if page.since > 0 else START_OF_TIME,
        "to": iso(now if page.until is None else page.until),
    }


def control_list(data: list[Any]) -> Json:
    """A list of the controls, without paging."""
    return {"object": "list", "data": data, "total": len(data)}

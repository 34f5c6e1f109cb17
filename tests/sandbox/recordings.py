"""Recordings of the live service, and the comparison of responses with them."""

import json
from pathlib import Path

RECORDED = Path(__file__).parent / "recorded"


def recording(name):
    """A recorded response."""
    return json.loads((RECORDED / f"{name}.json").read_text())


def assert_same_shape(ours, recorded, where="$"):
    """Assert the same keys in the same order, and the same types unless one is null.

    Metadata is the merchant's own.
    """
    if ours is None or recorded is None or where.endswith(".metadata"):
        return
    assert type(ours) is type(recorded), where
    if isinstance(recorded, dict):
        assert list(ours) == list(recorded), where
        for name, value in recorded.items():
            assert_same_shape(ours[name], value, f"{where}.{name}")
    elif isinstance(recorded, list) and recorded:
        for item in ours:
            assert_same_shape(item, recorded[0], f"{where}[]")

"""Who may come in: Basic authentication with a key, with or without a colon.

Source: docs.omise.co/api-authentication; omise.js 2.5.4 leaves the colon out.
"""

import base64
import binascii
from functools import lru_cache

from omise_sandbox.rules.errors import Refusal
from omise_sandbox.storage.world import World
from omise_sandbox.storage.worlds import PUBLIC, SECRET, Worlds

#: Door → the keys that open it.
DOORS = {
    "vault": (PUBLIC,),
    "merchant": (SECRET,),
    "both": (PUBLIC, SECRET),
}


def world_for(door: str, authorization: str | None, worlds: Worlds) -> World:
    """The world that the caller's key opens. Raises 401 `authentication_failure`.

    Controls open to the secret key of a world, and without any key to the default world.
    """
    if door == "control":
        if authorization is None:
            return worlds.default
        door = "merchant"
    found = worlds.find(key_in(authorization))
    if found is None or found[1] not in DOORS[door]:
        raise Refusal("authentication_failure")
    return found[0]


def known_world(authorization: str | None, worlds: Worlds) -> World:
    """The world that any valid key names, else the default one: where a request is noted."""
    found = worlds.find(key_in(authorization))
    return found[0] if found else worlds.default


@lru_cache(maxsize=1024)
def key_in(authorization: str | None) -> str | None:
    """The key in a Basic authorization header: its user name."""
    scheme, _, credentials = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(credentials.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return None

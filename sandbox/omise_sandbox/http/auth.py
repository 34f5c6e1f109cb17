"""Basic authentication with a key, with or without a colon.

Source: docs.omise.co/api-authentication; omise.js 2.5.4 omits the colon.
"""

import base64
import binascii
from functools import lru_cache

from omise_sandbox.rules.errors import ApiError
from omise_sandbox.storage.world import World
from omise_sandbox.storage.worlds import PUBLIC, SECRET, Worlds

#: Scope → the accepted keys.
KEY_SCOPES = {
    "public_key": (PUBLIC,),
    "secret_key": (SECRET,),
    "any_key": (PUBLIC, SECRET),
}


def authenticate(scope: str, authorization: str | None, worlds: Worlds) -> World:
    """The world of the caller's key. Raises 401 `authentication_failure`.

    Controls accept the secret key of a world; without a key they apply to the default world.
    """
    if scope == "control":
        if authorization is None:
            return worlds.default
        scope = "secret_key"
    found = worlds.find(key_in(authorization))
    if found is None or found[1] not in KEY_SCOPES[scope]:
        raise ApiError("authentication_failure")
    return found[0]


def world_of_key(authorization: str | None, worlds: Worlds) -> World:
    """The world of any valid key, else the default one: the world whose log gets the request."""
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

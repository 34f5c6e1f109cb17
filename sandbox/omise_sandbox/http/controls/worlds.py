"""Worlds: create, delete, reset, seed, and change their settings."""

from typing import Any

from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.routes import Route, control
from omise_sandbox.rules import param_types
from omise_sandbox.serializers.lists import control_list
from omise_sandbox.storage.clock import iso
from omise_sandbox.storage.world import World
from omise_sandbox.storage.worlds import Worlds
from omise_sandbox.webhooks.sender import WebhookSender

MAX_LISTED = 100
KEYS = ("public_key", "secret_key")


class WorldControls:
    """The controls of worlds and their settings."""

    def __init__(self, worlds: Worlds, sender: WebhookSender) -> None:
        self._worlds = worlds
        self._sender = sender

    def routes(self) -> list[Route]:
        """Worlds and settings."""
        return [
            control("GET", "worlds", self.index),
            control("POST", "worlds", self.create),
            control("DELETE", "worlds", self.delete),
            control("POST", "reset", self.reset),
            control("POST", "seed", seed),
            control("GET", "settings", read_settings),
            control("POST", "settings", self.change_settings),
        ]

    def index(self, _: ApiCall) -> Json:
        """The newest hundred worlds, with their keys and the number of their charges."""
        newest = sorted(self._worlds, key=lambda world: world.number)[-MAX_LISTED:]
        if self._worlds.default not in newest:
            newest.insert(0, self._worlds.default)
        return control_list([_summary(world) for world in newest])

    def create(self, call: ApiCall) -> Json:
        """A new world with its own keys; settings and `livemode` may be given."""
        world = self._worlds.create(call.params)
        self._sender.prepare(world)
        return {"object": "world", **_settings(world)}

    def delete(self, call: ApiCall) -> Json:
        """Delete the world of the key."""
        self._worlds.remove(call.world)
        return {"object": "world", "deleted": True, **_settings(call.world)}

    def reset(self, call: ApiCall) -> Json:
        """Clear objects, faults and requests; restore the settings of the start."""
        self._worlds.reset(call.world)
        return {"object": "reset", **_settings(call.world)}

    def change_settings(self, call: ApiCall) -> Json:
        """Change the named settings, all or nothing."""
        world, params = call.world, dict(call.params)
        keys = {name: params.pop(name, None) for name in KEYS}
        world.settings.with_changes(params)
        if any(keys.values()):
            texts = (param_types.text(keys, name) for name in KEYS)
            self._worlds.change_keys(world, *texts)
        world.update_settings(params)
        self._sender.prepare(world)
        return read_settings(call)


def _summary(world: World) -> Json:
    return {
        "object": "world",
        "default": world.is_default,
        "public_key": world.keys.public,
        "secret_key": world.keys.secret,
        "dialect": world.settings.dialect,
        "charges": len(world.store.charges),
        "created_at": iso(world.created_at),
    }


def seed(call: ApiCall) -> Json:
    """Fill an empty world with `customers` and `charges` of the last `days`."""
    from omise_sandbox.simulation import seeding  # imported on first use, for a faster start

    return seeding.seed(call, seeding.read_plan(call.params))


def read_settings(call: ApiCall) -> Json:
    """All settings and the keys."""
    return {"object": "settings", **_settings(call.world)}


def _settings(world: World) -> dict[str, Any]:
    keys = {"public_key": world.keys.public, "secret_key": world.keys.secret}
    return {**keys, "livemode": world.livemode, **world.settings.to_json()}

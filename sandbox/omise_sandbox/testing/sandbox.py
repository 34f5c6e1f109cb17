"""A running sandbox, as tests see it."""

from dataclasses import dataclass

from omise_sandbox.testing.world import World

#: The keys of the default world, unless the command line names others.
DEFAULT_PUBLIC_KEY = "pkey_test_sandbox000000000000"
DEFAULT_SECRET_KEY = "skey_test_sandbox000000000000"  # noqa: S105 - valid in the sandbox only


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox: its URL, and its worlds."""

    url: str

    @property
    def default_world(self) -> World:
        """The world of the default keys, for servers that run longer than one test."""
        return World(self.url, DEFAULT_PUBLIC_KEY, DEFAULT_SECRET_KEY)

    def new_world(self, **settings: object) -> World:
        """A new world: an isolated merchant account with these settings."""
        return World.new(self.url, **settings)

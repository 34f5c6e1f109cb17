"""For tests in any project: starts a sandbox, and talks to a world of it.

Needs the extra `pytest`: `pip install "omise-sandbox[pytest]"`.
"""

from omise_sandbox.testing.process import environment, start, stop
from omise_sandbox.testing.sandbox import Sandbox
from omise_sandbox.testing.world import CARD, TIMEOUT, Json, World

__all__ = ["CARD", "TIMEOUT", "Json", "Sandbox", "World", "environment", "start", "stop"]

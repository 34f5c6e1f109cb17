"""For tests in any project: start a sandbox, and speak to a world of it.

Needs the extra `pytest`: `pip install "omise-sandbox[pytest]"`.
"""

from omise_sandbox.testing.process import environment, start, stop
from omise_sandbox.testing.world import CARD, TIMEOUT, Json, World

__all__ = ["CARD", "TIMEOUT", "Json", "World", "environment", "start", "stop"]

"""Loads the sandbox's pytest plugin from this checkout, not from an installed copy."""

pytest_plugins = ["omise_sandbox.testing.pytest_plugin"]

"""The storefront: a demo shop around the payment engine in `storefront.payments`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from storefront.settings import Settings


def utc_now() -> datetime:
    """The time by the clock of this machine."""
    return datetime.now(UTC)


def create_app(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> Flask:
    """Build the shop's Flask app from settings.

    Imports happen here, so that importing a sub-package loads nothing else.
    """
    from storefront import factory

    return factory.create_app(settings, now=now)

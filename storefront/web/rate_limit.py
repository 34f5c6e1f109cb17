"""A coarse rate limit per network and route; the velocity limits are finer (fraud/velocity.py)."""

from typing import Any

from flask import Flask, request
from flask_limiter import Limiter

from storefront.fraud.payer_identifiers import network_prefix
from storefront.setting_checks import MEMORY
from storefront.settings import Settings

#: Seconds that a request waits for the storage of the counts.
STORAGE_TIMEOUT = 1


class PostLimiter(Limiter):
    """Leaves exempt requests alone; the limiter itself finds that out at the end of its work."""

    def _check_request_limit(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # as it has them
        if not is_rate_limit_exempt():
            super()._check_request_limit(*args, **kwargs)


def init_app(app: Flask, settings: Settings) -> None:
    """Limit how many POSTs one network may send to one route in a minute.

    While a shared storage cannot be reached, each process counts by itself.
    """
    uri = settings.ratelimit_storage_uri
    timeouts: dict[str, str | int] = {
        "socket_timeout": STORAGE_TIMEOUT,
        "socket_connect_timeout": STORAGE_TIMEOUT,
    }
    PostLimiter(
        lambda: network_prefix(request.remote_addr) or "",
        app=app,
        default_limits=[f"{settings.posts_per_minute}/minute"],
        storage_uri=uri,
        storage_options={} if uri == MEMORY else timeouts,
        in_memory_fallback_enabled=uri != MEMORY,
    )


def is_rate_limit_exempt() -> bool:
    """Whether the request is exempt: a GET, a webhook, or from a network that is not public."""
    is_webhook = request.endpoint == "omise.webhook"
    return request.method == "GET" or is_webhook or network_prefix(request.remote_addr) is None

"""A coarse rate limit per network and route; the velocity limits are finer (fraud/velocity.py)."""

from flask import Flask, request
from flask_limiter import Limiter

from storefront.fraud.payer_identifiers import network_prefix
from storefront.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Limit how many POSTs one network may send to one route in a minute."""
    Limiter(
        lambda: network_prefix(request.remote_addr) or "",
        app=app,
        default_limits=[f"{settings.posts_per_minute}/minute"],
        default_limits_exempt_when=is_rate_limit_exempt,
        storage_uri=settings.ratelimit_storage_uri,
    )


def is_rate_limit_exempt() -> bool:
    """Whether the request is exempt: a GET, a webhook, or from a network that is not public."""
    is_webhook = request.endpoint == "omise.webhook"
    return request.method == "GET" or is_webhook or network_prefix(request.remote_addr) is None

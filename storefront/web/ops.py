"""Endpoints for operations: health checks, metrics, CSP reports."""

import hmac
import ipaddress
import json
from itertools import islice

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from werkzeug.exceptions import BadRequest, NotFound

from storefront.container import services
from storefront.ops.csp_reports import parse_violations
from storefront.ops.health import OK

bp = Blueprint("ops", __name__)

#: Prefixes of the headers that show that a proxy forwarded the request.
FORWARDING_HEADERS = ("x-forwarded-", "forwarded", "via", "x-real-ip")

#: No browser sends more violations in one report.
MAX_VIOLATIONS = 20


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Liveness: this process answers; nothing else is checked."""
    return jsonify({"status": OK})


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Readiness: database, migrations and worker are fit to take payments."""
    checks = services().health.checks()
    is_ready = all(result == OK for result in checks.values())
    response = jsonify({"status": OK if is_ready else "not ready", "checks": checks})
    response.status_code = 200 if is_ready else 503
    return response


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Metrics for Prometheus, on this machine or with METRICS_TOKEN.

    Raises:
        NotFound: for all other clients.
    """
    if not _may_read_metrics():
        raise NotFound
    registry = CollectorRegistry()
    registry.register(services().metrics)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@bp.post("/csp-report")
def csp_report() -> ResponseReturnValue:
    """Count what a browser blocked.

    Raises:
        BadRequest: if the body is not a report.
    """
    try:
        body = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        raise BadRequest from None
    for violation in islice(parse_violations(body), MAX_VIOLATIONS):
        services().csp_reports.record(violation)
    return "", 204


def _may_read_metrics() -> bool:
    token = services().settings.metrics_token.get_secret_value()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        return hmac.compare_digest(given.encode(), token.encode())
    is_forwarded = any(name.lower().startswith(FORWARDING_HEADERS) for name, _ in request.headers)
    return not is_forwarded and _is_loopback(request.remote_addr or "")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False

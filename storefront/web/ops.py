"""Operations: is it alive, is it ready, how is it, and what did browsers refuse to load."""

import hmac
import ipaddress
import json
from collections.abc import Iterator

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from werkzeug.exceptions import BadRequest, NotFound

from storefront.container import services
from storefront.ops.csp_reports import violations_in
from storefront.ops.health import OK

bp = Blueprint("operations", __name__)

#: How the headers begin by which proxies show that they pass on somebody else's request.
PASSED_ON = ("x-forwarded-", "forwarded", "via", "x-real-ip")

#: No browser sends more than this many violations at once.
MOST_VIOLATIONS = 20


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Whether this process answers; nothing else is asked."""
    return jsonify({"status": OK})


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Whether payments can be taken: database, migrations, and a worker that finds things out."""
    checks = services().health.checks()
    is_ready = all(said == OK for said in checks.values())
    answer = jsonify({"status": OK if is_ready else "not ready", "checks": checks})
    answer.status_code = 200 if is_ready else 503
    return answer


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus: for this machine, and for whoever brings METRICS_TOKEN.

    Raises:
        NotFound: for anybody else.
    """
    if not _may_read_metrics():
        raise NotFound
    registry = CollectorRegistry()
    registry.register(_FromDatabase())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@bp.post("/csp-report")
def csp_report() -> ResponseReturnValue:
    """Count what a browser refused to load.

    Raises:
        BadRequest: when the body is no report.
    """
    try:
        body = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        raise BadRequest from None
    for _, violation in zip(range(MOST_VIOLATIONS), violations_in(body), strict=False):
        services().csp_reports.note(violation)
    return "", 204


class _FromDatabase(Collector):
    def collect(self) -> Iterator[Metric]:
        """What is known now."""
        return services().metrics.collect()


def _may_read_metrics() -> bool:
    token = services().settings.metrics_token.get_secret_value()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        return hmac.compare_digest(given.encode(), token.encode())
    is_passed_on = any(name.lower().startswith(PASSED_ON) for name, _ in request.headers)
    return not is_passed_on and _is_this_machine(request.remote_addr or "")


def _is_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False

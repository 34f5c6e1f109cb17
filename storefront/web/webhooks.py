"""POST /webhooks/omise: where Omise says that something happened."""

import structlog
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from storefront.container import services
from storefront.payments.omise import UntrustedEvent
from storefront.payments.omise.webhooks import SIGNATURE_HEADER, TIMESTAMP_HEADER
from storefront.web.responses import error_json

bp = Blueprint("webhooks", __name__, url_prefix="/webhooks")

log = structlog.get_logger()


@bp.post("/omise")
def omise() -> ResponseReturnValue:
    """Take in a webhook; 204 once nothing of it can be lost."""
    services().events.receive(
        request.get_data(cache=False),
        signature=request.headers.get(SIGNATURE_HEADER, ""),
        timestamp=request.headers.get(TIMESTAMP_HEADER, ""),
    )
    return "", 204


@bp.errorhandler(UntrustedEvent)
def refuse(error: UntrustedEvent) -> ResponseReturnValue:
    """Somebody else's, or too old; nothing is done."""
    log.warning("webhook_refused", reason=str(error))
    return error_json("This is no webhook of Omise's.", "untrusted_event", 401)

"""The controls under ``/_sandbox/``: what a test or a developer can do to a world.

Each returns the resulting state.
"""

from omise_sandbox.http.controls import (
    about,
    disputes,
    faults,
    objects,
    payments,
    request_log,
    webhooks,
)
from omise_sandbox.http.controls.clock import ClockControls
from omise_sandbox.http.controls.examination import ExaminationControls
from omise_sandbox.http.controls.worlds import WorldControls
from omise_sandbox.resources.routes import Route
from omise_sandbox.storage.worlds import Worlds
from omise_sandbox.webhooks.sender import WebhookSender


def routes(worlds: Worlds, sender: WebhookSender) -> list[Route]:
    """Every control, and the description of all routes."""
    described = [
        *about.routes(),
        *WorldControls(worlds, sender).routes(),
        *ClockControls(sender).routes(),
        *faults.routes(),
        *request_log.routes(),
        *objects.routes(),
        *payments.routes(),
        *webhooks.routes(),
        *disputes.routes(),
        *ExaminationControls().routes(),
    ]
    return [*described, about.openapi_route(described)]

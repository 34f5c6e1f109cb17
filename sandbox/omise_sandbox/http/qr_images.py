"""QR codes as images for an `<img>`; the URL is the only authorization."""

from omise_sandbox.http.request_body import Params
from omise_sandbox.http.responses import Response
from omise_sandbox.resources.routes import Route
from omise_sandbox.rules.errors import not_found
from omise_sandbox.rules.source_types import SOURCE_TYPES
from omise_sandbox.serializers.qr_codes import picture
from omise_sandbox.serializers.sources import image_type
from omise_sandbox.storage.world import World

TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def routes() -> list[Route]:
    """The URL, in the format of the fixtures of omise-swift."""
    address = "/charges/{charge}/documents/{document}/downloads/{name}"
    return [Route("GET", address, "page", show)]


def show(
    world: World, charge_id: str, document: str, name: str, _: Params, *, languages: str = ""
) -> Response:
    """The image, in no language. Raises 404 unless the whole URL is right."""
    charge = world.store.charges.get(charge_id)
    ending = f"/documents/{document}/downloads/{name}"
    if charge is None or charge.source is None or not (charge.picture_uri or "").endswith(ending):
        raise not_found("document", document)
    method, kind = SOURCE_TYPES[charge.source.type], image_type(charge)
    code = picture(charge, method.code or method.reference or "text", kind)
    headers = (
        f"Content-Type: {TYPES[kind]}\r\nCache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'\r\n"
    )
    return Response(code, headers=headers)

"""The codes to pay by, as pictures for an `<img>`: whoever has the address may look."""

from sandbox.errors import not_found
from sandbox.qr_codes import picture
from sandbox.routes import Route
from sandbox.shapes.sources import image_type
from sandbox.source_types import SOURCE_TYPES
from sandbox.state.world import World
from sandbox.web.reading import Tree
from sandbox.web.replies import Reply

TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def routes() -> list[Route]:
    """The one address, in the form that the fixtures of omise-swift show."""
    address = "/charges/{charge}/documents/{document}/downloads/{name}"
    return [Route("GET", address, "page", show)]


def show(world: World, charge_id: str, document: str, name: str, _: Tree) -> Reply:
    """The picture. Raises 404 unless the whole address is right."""
    charge = world.ledger.charges.get(charge_id)
    ending = f"/documents/{document}/downloads/{name}"
    if charge is None or charge.source is None or not (charge.picture_uri or "").endswith(ending):
        raise not_found("document", document)
    method, kind = SOURCE_TYPES[charge.source.type], image_type(charge)
    code = picture(charge, method.code or method.reference or "text", kind)
    headers = (
        f"Content-Type: {TYPES[kind]}\r\nCache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'\r\n"
    )
    return Reply(code, headers=headers)

"""Sources, before and after their charge (docs.omise.co/sources-api)."""

from omise_sandbox.resources.api_call import Json
from omise_sandbox.rules.charge_states import CHARGE_STATES
from omise_sandbox.rules.source_types import APP, REDIRECT, SOURCE_TYPES
from omise_sandbox.serializers.qr_codes import digits_for
from omise_sandbox.storage.clock import iso
from omise_sandbox.storage.records import Charge, Source
from omise_sandbox.storage.world import World

#: Company number for bill payments at a counter; digits assumed.
TAX_ID = "0000000000000"


def serialize_source(world: World, source: Source, charge: Charge | None = None) -> Json:
    """A source, all 35 keys; its code appears once it is charged."""
    details = source.details or {}
    return {
        "object": "source",
        "id": source.id,
        "livemode": world.livemode,
        "location": f"/sources/{source.id}",
        "amount": source.amount,
        "barcode": details.get("barcode"),
        "bank": details.get("bank"),
        "created_at": iso(source.created_at),
        "currency": source.currency,
        "email": details.get("email"),
        "flow": _flow(source),
        "installment_term": details.get("installment_term"),
        "ip": source.ip,
        "absorption_type": _absorption_type(source),
        "name": details.get("name"),
        "mobile_number": details.get("mobile_number"),
        "phone_number": details.get("phone_number"),
        "platform_type": source.platform_type,
        "scannable_code": _scannable_code(world, charge) if charge else None,
        "qr_settings": details.get("qr_settings"),
        "billing": details.get("billing"),
        "shipping": details.get("shipping"),
        "items": details.get("items", []),
        "references": _references(charge) if charge else None,
        "provider_references": None,
        "store_id": details.get("store_id"),
        "store_name": details.get("store_name"),
        "terminal_id": details.get("terminal_id"),
        "type": source.type,
        "zero_interest_installments": details.get("zero_interest_installments"),
        "charge_status": CHARGE_STATES[charge.state].status if charge else "unknown",
        "receipt_amount": None,
        "discounts": [],
        "promotion_code": details.get("promotion_code"),
    }


def serialize_charged_source(world: World, charge: Charge) -> Json | None:
    """The source as it stands with this version of its charge."""
    return serialize_source(world, charge.source, charge) if charge.source else None


def merchant_pays_interest(source: Source | None) -> bool:
    """Whether the installments cost the shopper no interest."""
    return bool(source and (source.details or {}).get("zero_interest_installments"))


def serialize_document(world: World, charge: Charge) -> Json:
    """The QR image as an object; its URL needs no key."""
    return {
        "object": "document",
        "livemode": world.livemode,
        "id": charge.document,
        "deleted": False,
        "filename": f"qrcode.{image_type(charge)}",
        "location": f"/charges/{charge.id}/documents/{charge.document}",
        "download_uri": charge.picture_uri,
        "created_at": iso(charge.created_at),
    }


def image_type(charge: Charge) -> str:
    """png (recorded), or svg when `qr_settings` requests it."""
    details = (charge.source.details if charge.source else None) or {}
    return str((details.get("qr_settings") or {}).get("image_type", "png"))


def _flow(source: Source) -> str:
    """Recorded: app_redirect with platform IOS. In a browser it is a redirect (assumed)."""
    flow = SOURCE_TYPES[source.type].flow
    return REDIRECT if flow == APP and source.platform_type == "WEB" else flow


def _absorption_type(source: Source) -> str | None:
    if SOURCE_TYPES[source.type].terms is None:
        return None
    return "merchant" if merchant_pays_interest(source) else "customer"


def _scannable_code(world: World, charge: Charge) -> Json | None:
    if charge.source is None or SOURCE_TYPES[charge.source.type].code is None:
        return None
    return {"object": "barcode", "type": "qr", "image": serialize_document(world, charge)}


def _references(charge: Charge) -> Json | None:
    kind = SOURCE_TYPES[charge.source.type].reference if charge.source else None
    if kind is None:
        return None
    bill = kind == "bill"
    return {
        "expires_at": iso(charge.expires_at),
        "device_id": None,
        "customer_amount": None,
        "customer_currency": None,
        "customer_exchange_rate": None,
        "omise_tax_id": TAX_ID if bill else None,
        "reference_number_1": digits_for(charge.id, 1) if bill else None,
        "reference_number_2": digits_for(charge.id, 2) if bill else None,
        "barcode": charge.picture_uri,
        "payment_code": None if bill else digits_for(charge.id, 3),
        "va_code": None,
    }

"""Tokens, cards and customers (recorded; docs.omise.co/tokens-api)."""

from omise_sandbox.resources.api_call import Json
from omise_sandbox.rules.charge_states import CHARGE_STATES
from omise_sandbox.serializers.lists import serialize_list
from omise_sandbox.storage.clock import iso
from omise_sandbox.storage.records import Card, Customer, Token
from omise_sandbox.storage.world import World

EMBEDDED = 20


def serialize_card(world: World, card: Card) -> Json:
    """A card. Its number is never stored, so it cannot appear."""
    address = card.address or {}
    return {
        "object": "card",
        "id": card.id,
        "livemode": world.livemode,
        "location": f"/customers/{card.customer}/cards/{card.id}" if card.customer else None,
        "deleted": card.deleted,
        "street1": address.get("street1"),
        "street2": address.get("street2"),
        "city": address.get("city"),
        "state": address.get("state"),
        "phone_number": address.get("phone_number"),
        "postal_code": address.get("postal_code"),
        "country": address.get("country", ""),
        "financing": "",
        "bank": "",
        "brand": world.dialect.mastercard if card.brand == "MasterCard" else card.brand,
        "fingerprint": card.fingerprint,
        "first_digits": None,
        "last_digits": card.last_digits,
        "name": card.name,
        "expiration_month": card.expiration_month,
        "expiration_year": card.expiration_year,
        "security_code_check": card.security_code_check,
        "tokenization_method": card.tokenization_method,
        "created_at": iso(card.created_at),
    }


def serialize_token(world: World, token: Token, base_url: str = "") -> Json:
    """A token: used once an object was created with it; `charge_status` follows the charge."""
    spent_on = world.store.used_by.get(token.id)
    charge = world.store.charges.get(spent_on) if spent_on else None
    shows_card = spent_on is None or world.dialect.used_token_keeps_card
    unused = world.dialect.unused_charge_status
    return {
        "object": "token",
        "id": token.id,
        "livemode": world.livemode,
        "location": f"{base_url}/tokens/{token.id}",
        "used": spent_on is not None,
        "charge_status": CHARGE_STATES[charge.state].status if charge else unused,
        "card": serialize_card(world, token.card) if shows_card else None,
        "created_at": iso(token.created_at),
    }


def serialize_customer(world: World, customer: Customer, now: int) -> Json:
    """A customer with the first cards."""
    location = f"/customers/{customer.id}"
    cards = [serialize_card(world, card) for card in customer.cards[:EMBEDDED]]
    return {
        "object": "customer",
        "id": customer.id,
        "livemode": world.livemode,
        "location": location,
        "deleted": customer.deleted,
        "metadata": customer.metadata or {},
        "cards": serialize_list(cards, f"{location}/cards", len(customer.cards), now),
        "default_card": customer.default_card,
        "linked_accounts": serialize_list([], f"{location}/linked_accounts", 0, now),
        "description": customer.description,
        "email": customer.email,
        "created_at": iso(customer.created_at),
    }

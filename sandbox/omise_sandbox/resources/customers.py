"""Customers and their cards (docs.omise.co/customers-api)."""

from typing import Any

from omise_sandbox.resources import tokens
from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.rules import param_types
from omise_sandbox.rules.card_checks import check_dates
from omise_sandbox.rules.errors import ApiError, not_found
from omise_sandbox.serializers.cards import serialize_card, serialize_customer
from omise_sandbox.serializers.expansion import expanded
from omise_sandbox.serializers.lists import serialize_list
from omise_sandbox.storage.collection import slice_of
from omise_sandbox.storage.records import Card, Customer
from omise_sandbox.storage.world import World


def create(call: ApiCall) -> Json:
    """POST /customers: all parameters are optional; a `card` token becomes the default card."""
    world, params = call.world, call.params
    customer = Customer(
        id=world.new_id("cust"),
        created_at=world.now(),
        email=param_types.text(params, "email"),
        description=param_types.text(params, "description"),
        metadata=param_types.mapping(params, "metadata") or None,
    )
    token_id = param_types.text(params, "card")
    if token_id:
        customer = _with_card(world, customer, token_id)
    return _saved(world, customer, "customer.create")


def retrieve(call: ApiCall) -> Json:
    """GET /customers/:id. 404 for an unknown or deleted one (the latter assumed)."""
    return expanded(call, serialize_customer(call.world, find(call), call.world.now()))


def index(call: ApiCall) -> Json:
    """GET /customers: a page of customers, without deleted ones."""
    world, now = call.world, call.world.now()
    page = param_types.page(call.params)
    total, customers = world.store.customers.page(page)
    data = [serialize_customer(world, customer, now) for customer in customers]
    return serialize_list(data, "/customers", total, now, page)


def update(call: ApiCall) -> Json:
    """PATCH /customers/:id: `card` adds a card, `default_card` selects one; the rest replaces."""
    world, params = call.world, call.params
    before = find(call)
    customer = _with_details(before, params)
    if params.get("default_card"):
        chosen = card_of(customer, param_types.text(params, "default_card") or "")
        customer = customer._replace(default_card=chosen.id)
    token_id = param_types.text(params, "card")
    if not token_id:
        return _saved(world, customer, "customer.update")
    with_card = _with_card(world, customer, token_id)
    if customer != before:
        world.save(customer, event="customer.update")
    return _saved(world, with_card, "customer.update.card")


def delete(call: ApiCall) -> Json:
    """DELETE /customers/:id: the customer with `deleted`; afterwards it is not found."""
    gone = find(call)._replace(deleted=True)
    return _saved(call.world, gone, "customer.destroy")


def add_card(call: ApiCall) -> Json:
    """POST or PATCH /customers/:id/cards with `card`: the new card (brief; `documented` only)."""
    world, customer = call.world, find(call)
    if not world.dialect.cards_can_be_added:
        raise ApiError("method_not_allowed")
    token_id = param_types.text(call.params, "card")
    if not token_id:
        raise ApiError("missing_card")
    customer = _with_card(world, customer, token_id)
    world.save(customer, event="customer.update.card")
    return serialize_card(world, customer.cards[-1])


def cards(call: ApiCall) -> Json:
    """GET /customers/:id/cards: a page of cards."""
    customer, now = find(call), call.world.now()
    page = param_types.page(call.params)
    total, wanted = slice_of(list(customer.cards), page)
    data = [serialize_card(call.world, card) for card in wanted]
    return serialize_list(data, f"/customers/{customer.id}/cards", total, now, page)


def retrieve_card(call: ApiCall) -> Json:
    """GET /customers/:id/cards/:card."""
    return serialize_card(call.world, card_of(find(call), call.ids[1]))


def update_card(call: ApiCall) -> Json:
    """PATCH /customers/:id/cards/:card: name, expiry, city and postal code only."""
    world, customer = call.world, find(call)
    card = _edited(world, card_of(customer, call.ids[1]), call.params)
    remaining = tuple(card if other.id == card.id else other for other in customer.cards)
    world.save(customer._replace(cards=remaining))
    world.save(card, event="card.update")
    return serialize_card(world, card)


def delete_card(call: ApiCall) -> Json:
    """DELETE /customers/:id/cards/:card: the card with `deleted`.

    The oldest remaining card replaces a deleted default card (assumed).
    """
    world, customer = call.world, find(call)
    card = card_of(customer, call.ids[1])._replace(deleted=True)
    remaining = tuple(other for other in customer.cards if other.id != card.id)
    default = customer.default_card
    if default == card.id:
        default = remaining[0].id if remaining else None
    world.save(customer._replace(cards=remaining, default_card=default))
    world.save(card, event="card.destroy")
    return serialize_card(world, card)


def find(call: ApiCall) -> Customer:
    """The customer in the path. Raises 404 `not_found`."""
    return existing(call.world, call.ids[0])


def existing(world: World, customer_id: str) -> Customer:
    """The customer, unless deleted. Raises 404 `not_found`."""
    customer = world.store.customers.get(customer_id)
    if customer is None or customer.deleted:
        raise not_found("customer", customer_id)
    return customer


def card_of(customer: Customer, card_id: str) -> Card:
    """A card of the customer. Raises 404 `not_found`."""
    for card in customer.cards:
        if card.id == card_id:
            return card
    raise not_found("card", card_id)


def _with_details(customer: Customer, params: dict[str, Any]) -> Customer:
    if "email" in params:
        customer = customer._replace(email=param_types.text(params, "email"))
    if "description" in params:
        customer = customer._replace(description=param_types.text(params, "description"))
    if "metadata" in params:
        customer = customer._replace(metadata=param_types.mapping(params, "metadata") or None)
    return customer


def _with_card(world: World, customer: Customer, token_id: str) -> Customer:
    """The customer with the token's card, which keeps its id; the first one is the default."""
    card = tokens.usable(world, token_id).card._replace(customer=customer.id)
    default = customer.default_card or card.id
    return customer._replace(cards=(*customer.cards, card), default_card=default)


def _edited(world: World, card: Card, params: dict[str, Any]) -> Card:
    if "name" in params:
        name = param_types.text(params, "name", "invalid_card")
        if not name:
            raise ApiError("invalid_card", "name can't be blank")
        card = card._replace(name=name)
    if "expiration_month" in params or "expiration_year" in params:
        current_dates = {
            "expiration_month": card.expiration_month,
            "expiration_year": card.expiration_year,
        }
        month, year = check_dates(current_dates | params, world.now(), world.dialect)
        card = card._replace(expiration_month=month, expiration_year=year)
    changed = {name: param_types.text(params, name) for name in ("city", "postal_code")}
    address = (card.address or {}) | {name: text for name, text in changed.items() if text}
    return card._replace(address=address or None)


def _saved(world: World, customer: Customer, event: str) -> Json:
    world.save(customer, event=event)
    return serialize_customer(world, customer, world.now())

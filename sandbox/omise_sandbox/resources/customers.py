"""Customers and their cards (docs.omise.co/customers-api)."""

from typing import Any

from omise_sandbox.resources import tokens
from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.rules import param_types
from omise_sandbox.rules.card_checks import check_dates
from omise_sandbox.rules.errors import Refusal, not_found
from omise_sandbox.serializers.cards import card_shape, customer_shape
from omise_sandbox.serializers.expansion import expanded
from omise_sandbox.serializers.lists import list_shape, slice_of
from omise_sandbox.storage.records import Card, Customer
from omise_sandbox.storage.world import World


def create(call: Call) -> Json:
    """POST /customers: all parameters optional; a `card` token becomes the default card."""
    world, wishes = call.world, call.params
    customer = Customer(
        id=world.new_id("cust"),
        created_at=world.now(),
        email=param_types.text(wishes, "email"),
        description=param_types.text(wishes, "description"),
        metadata=param_types.mapping(wishes, "metadata") or None,
    )
    token_id = param_types.text(wishes, "card")
    if token_id:
        customer = _with_card(world, customer, token_id)
    return _saved(world, customer, "customer.create")


def retrieve(call: Call) -> Json:
    """GET /customers/:id. 404 for an unknown or deleted one (the latter assumed)."""
    return expanded(call, customer_shape(call.world, find(call), call.world.now()))


def index(call: Call) -> Json:
    """GET /customers: a page of them, without the deleted."""
    world, now = call.world, call.world.now()
    page = param_types.page(call.params, now)
    total, customers = world.ledger.customers.page(page)
    data = [customer_shape(world, customer, now) for customer in customers]
    return list_shape(data, "/customers", total, now, page)


def update(call: Call) -> Json:
    """PATCH /customers/:id: `card` adds a card, `default_card` chooses one; the rest replaces."""
    world, wishes = call.world, call.params
    before = find(call)
    customer = _with_details(before, wishes)
    if wishes.get("default_card"):
        chosen = card_of(customer, param_types.text(wishes, "default_card") or "")
        customer = customer._replace(default_card=chosen.id)
    token_id = param_types.text(wishes, "card")
    if not token_id:
        return _saved(world, customer, "customer.update")
    with_card = _with_card(world, customer, token_id)
    if customer != before:
        world.save(customer, event="customer.update")
    return _saved(world, with_card, "customer.update.card")


def delete(call: Call) -> Json:
    """DELETE /customers/:id: the whole customer, `deleted`; from then on it is not found."""
    gone = find(call)._replace(deleted=True)
    return _saved(call.world, gone, "customer.destroy")


def add_card(call: Call) -> Json:
    """POST /customers/:id/cards with `card`: the new card (brief; not in the recorded dialect)."""
    world, customer = call.world, find(call)
    if not world.dialect.cards_can_be_posted:
        raise Refusal("method_not_allowed")
    token_id = param_types.text(call.params, "card")
    if not token_id:
        raise Refusal("missing_card")
    customer = _with_card(world, customer, token_id)
    world.save(customer, event="customer.update.card")
    return card_shape(world, customer.cards[-1])


def cards(call: Call) -> Json:
    """GET /customers/:id/cards: a page of them."""
    customer, now = find(call), call.world.now()
    page = param_types.page(call.params, now)
    total, wanted = slice_of(list(customer.cards), page)
    data = [card_shape(call.world, card) for card in wanted]
    return list_shape(data, f"/customers/{customer.id}/cards", total, now, page)


def retrieve_card(call: Call) -> Json:
    """GET /customers/:id/cards/:card."""
    return card_shape(call.world, card_of(find(call), call.ids[1]))


def update_card(call: Call) -> Json:
    """PATCH /customers/:id/cards/:card: name, expiry, city and postal code, nothing else."""
    world, customer = call.world, find(call)
    card = _edited(world, card_of(customer, call.ids[1]), call.params)
    kept = tuple(card if other.id == card.id else other for other in customer.cards)
    world.save(customer._replace(cards=kept))
    world.save(card, event="card.update")
    return card_shape(world, card)


def delete_card(call: Call) -> Json:
    """DELETE /customers/:id/cards/:card: the whole card, `deleted`.

    When it was the default, the oldest card left becomes that (assumed), or none.
    """
    world, customer = call.world, find(call)
    card = card_of(customer, call.ids[1])._replace(deleted=True)
    kept = tuple(other for other in customer.cards if other.id != card.id)
    default = customer.default_card
    if default == card.id:
        default = kept[0].id if kept else None
    world.save(customer._replace(cards=kept, default_card=default))
    world.save(card, event="card.destroy")
    return card_shape(world, card)


def find(call: Call) -> Customer:
    """The customer named in the path. Raises 404 `not_found`."""
    return known(call.world, call.ids[0])


def known(world: World, customer_id: str) -> Customer:
    """The customer, if not deleted. Raises 404 `not_found`."""
    customer = world.ledger.customers.get(customer_id)
    if customer is None or customer.deleted:
        raise not_found("customer", customer_id)
    return customer


def card_of(customer: Customer, card_id: str) -> Card:
    """That card of the customer. Raises 404 `not_found`."""
    for card in customer.cards:
        if card.id == card_id:
            return card
    raise not_found("card", card_id)


def _with_details(customer: Customer, wishes: dict[str, Any]) -> Customer:
    if "email" in wishes:
        customer = customer._replace(email=param_types.text(wishes, "email"))
    if "description" in wishes:
        customer = customer._replace(description=param_types.text(wishes, "description"))
    if "metadata" in wishes:
        customer = customer._replace(metadata=param_types.mapping(wishes, "metadata") or None)
    return customer


def _with_card(world: World, customer: Customer, token_id: str) -> Customer:
    """The customer with the token's card, which keeps its id; the first one is the default."""
    card = tokens.usable(world, token_id).card._replace(customer=customer.id)
    default = customer.default_card or card.id
    return customer._replace(cards=(*customer.cards, card), default_card=default)


def _edited(world: World, card: Card, wishes: dict[str, Any]) -> Card:
    if "name" in wishes:
        name = param_types.text(wishes, "name", "invalid_card")
        if not name:
            raise Refusal("invalid_card", "name can't be blank")
        card = card._replace(name=name)
    if "expiration_month" in wishes or "expiration_year" in wishes:
        known_dates = {
            "expiration_month": card.expiration_month,
            "expiration_year": card.expiration_year,
        }
        month, year = check_dates(known_dates | wishes, world.now(), world.dialect)
        card = card._replace(expiration_month=month, expiration_year=year)
    changed = {name: param_types.text(wishes, name) for name in ("city", "postal_code")}
    address = (card.address or {}) | {name: text for name, text in changed.items() if text}
    return card._replace(address=address or None)


def _saved(world: World, customer: Customer, event: str) -> Json:
    world.save(customer, event=event)
    return customer_shape(world, customer, world.now())

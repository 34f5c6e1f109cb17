"""Finds the card or the source that pays for a new charge.

Source: docs.omise.co/charges-api.
"""

from typing import NamedTuple

from omise_sandbox.resources import customers, sources, tokens
from omise_sandbox.resources.api_call import ApiCall, Json
from omise_sandbox.resources.source_params import new_source
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import ApiError
from omise_sandbox.rules.source_types import SOURCE_TYPES, SourceType
from omise_sandbox.rules.unsupported import reject_unsupported
from omise_sandbox.serializers.sources import merchant_pays_interest
from omise_sandbox.storage.records import Card, Source
from omise_sandbox.storage.world import World


class PaymentSource(NamedTuple):
    """A card, with its customer if it is a saved one; or a source."""

    card: Card | None
    customer: str | None = None
    source: Source | None = None

    @property
    def method(self) -> SourceType | None:
        """The type of the source; None for a card alone."""
        return SOURCE_TYPES[self.source.type] if self.source else None


def read_payment_source(call: ApiCall, amount: int, currency: str) -> PaymentSource:
    """The card or source that pays.

    Raises 404 for an unknown object, 400 `used_token`, `token_expired`, `missing_card`,
    `bad_request` for an inline source or `invalid_charge` for a used one, 501 for an unsupported
    parameter.
    """
    by_source = call.params.get("source")
    payment_source = (
        _from_source(call, amount, currency) if by_source else _from_card(call.world, call.params)
    )
    _reject_other_interest(call.params, payment_source.source)
    return payment_source


def _from_source(call: ApiCall, amount: int, currency: str) -> PaymentSource:
    """A source by its id, or an inline source of the charge's amount and currency."""
    world, value = call.world, call.params["source"]
    if isinstance(value, dict):
        reject_unsupported("POST /sources", value)
        money = {"amount": amount, "currency": currency}
        interest = call.params.get("zero_interest_installments")
        terms = {} if interest is None else {"zero_interest_installments": interest}
        source = new_source(world, terms | value | money, call.ip)
    else:
        source_id = param_types.text(call.params, "source", "invalid_charge") or ""
        source = sources.usable(world, source_id, amount, currency)
    return PaymentSource(_card_beside(call, SOURCE_TYPES[source.type]), None, source)


def _reject_other_interest(params: Json, source: Source | None) -> None:
    """The source decides who pays the interest; a charge that overrides it is unsupported."""
    own = merchant_pays_interest(source)
    if param_types.flag(params, "zero_interest_installments", own, "invalid_charge") != own:
        message = "zero_interest_installments other than that of the source is not supported"
        raise ApiError("not_imitated", message)


def _card_beside(call: ApiCall, kind: SourceType) -> Card | None:
    """The card of a white-label installment; no other source has one (assumed)."""
    token_id = param_types.text(call.params, "card", "invalid_charge")
    if kind.needs_card:
        if not token_id:
            raise ApiError("missing_card")
        return tokens.usable(call.world, token_id).card
    if token_id or call.params.get("customer"):
        raise ApiError("invalid_charge", "a source can't be charged together with a card")
    return None


def _from_card(world: World, params: Json) -> PaymentSource:
    """The card of a token, or of a customer: the named one, else the default one."""
    card_id = param_types.text(params, "card", "invalid_charge")
    customer_id = param_types.text(params, "customer", "invalid_charge")
    if customer_id:
        customer = customers.existing(world, customer_id)
        wanted = card_id or customer.default_card
        if not wanted:
            raise ApiError("missing_card")  # code documented, its use here assumed
        return PaymentSource(customers.card_of(customer, wanted), customer.id)
    if card_id:
        return PaymentSource(tokens.usable(world, card_id).card)
    raise ApiError("missing_card")

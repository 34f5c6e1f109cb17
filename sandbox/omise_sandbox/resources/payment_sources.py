"""Finds out what a new charge is to be paid with: a card, or a source.

Source: docs.omise.co/charges-api.
"""

from typing import NamedTuple

from omise_sandbox.resources import customers, sources, tokens
from omise_sandbox.resources.api_call import Call, Json
from omise_sandbox.resources.source_params import new_source
from omise_sandbox.rules import param_types
from omise_sandbox.rules.errors import Refusal
from omise_sandbox.rules.source_types import SOURCE_TYPES, SourceType
from omise_sandbox.rules.unsupported import refuse_not_imitated
from omise_sandbox.serializers.sources import merchant_pays_interest
from omise_sandbox.storage.records import Card, Source
from omise_sandbox.storage.world import World


class Payer(NamedTuple):
    """A card, and the customer it belongs to if it is a saved one; or a source."""

    card: Card | None
    customer: str | None = None
    source: Source | None = None

    @property
    def method(self) -> SourceType | None:
        """The kind of source; None for a card alone."""
        return SOURCE_TYPES[self.source.type] if self.source else None


def payer_of(call: Call, amount: int, currency: str) -> Payer:
    """Who pays. Raises 404 for whatever is unknown; 400 `used_token`, `token_expired`,
    `missing_card`, `bad_request` for an inline source or `invalid_charge` for a used one; 501 for
    what is not imitated.
    """
    by_source = call.params.get("source")
    payer = (
        _source_payer(call, amount, currency) if by_source else _card_payer(call.world, call.params)
    )
    _refuse_other_interest(call.params, payer.source)
    return payer


def _source_payer(call: Call, amount: int, currency: str) -> Payer:
    """By source id, or by an inline source of the charge's amount and currency."""
    world, wish = call.world, call.params["source"]
    if isinstance(wish, dict):
        refuse_not_imitated("POST /sources", wish)
        money = {"amount": amount, "currency": currency}
        interest = call.params.get("zero_interest_installments")
        terms = {} if interest is None else {"zero_interest_installments": interest}
        source = new_source(world, terms | wish | money, call.ip)
    else:
        source_id = param_types.text(call.params, "source", "invalid_charge") or ""
        source = sources.usable(world, source_id, amount, currency)
    return Payer(_card_beside(call, SOURCE_TYPES[source.type]), None, source)


def _refuse_other_interest(wishes: Json, source: Source | None) -> None:
    """Who pays the interest is told by the source; that a charge changes it is not imitated."""
    own = merchant_pays_interest(source)
    if param_types.flag(wishes, "zero_interest_installments", own, "invalid_charge") != own:
        words = "zero_interest_installments other than that of the source is not imitated"
        raise Refusal("not_imitated", words)


def _card_beside(call: Call, kind: SourceType) -> Card | None:
    """The card of a white-label installment; no other source has one (assumed)."""
    token_id = param_types.text(call.params, "card", "invalid_charge")
    if kind.needs_card:
        if not token_id:
            raise Refusal("missing_card")
        return tokens.usable(call.world, token_id).card
    if token_id or call.params.get("customer"):
        raise Refusal("invalid_charge", "a source can't be charged together with a card")
    return None


def _card_payer(world: World, wishes: Json) -> Payer:
    """The card of a token, or of a customer: the named one, else the default one."""
    card_id = param_types.text(wishes, "card", "invalid_charge")
    customer_id = param_types.text(wishes, "customer", "invalid_charge")
    if customer_id:
        customer = customers.known(world, customer_id)
        wanted = card_id or customer.default_card
        if not wanted:
            raise Refusal("missing_card")  # the code is documented; that it is used here, assumed
        return Payer(customers.card_of(customer, wanted), customer.id)
    if card_id:
        return Payer(tokens.usable(world, card_id).card)
    raise Refusal("missing_card")

"""What the account offers of the ways to pay, asked at Omise now and then (`GET /capability`)."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from .errors import MethodNotOffered
from .i18n import Message
from .i18n import gettext_noop as say
from .methods import CARD, METHODS, Method, MethodKind
from .money import Money
from .omise import Capability, OmiseClient, OmiseError

log = logging.getLogger(__name__)

#: In which currency an account of a country counts its limits (docs.omise.co/currency-and-amount).
OWN_CURRENCY = {"TH": "THB", "JP": "JPY", "SG": "SGD", "MY": "MYR"}

#: The brands that most shoppers have; Omise lists all of them in no such order.
COMMON_BRANDS = ("Visa", "Mastercard")


def offered(total: Money, capability: Capability | None) -> Iterator[Method]:
    """The methods for a total, cards first; only cards when the capability is unknown."""
    yield METHODS[CARD]
    if capability is None or not _is_within_limits(total, capability):
        return
    for method in METHODS.values():
        can = capability.currencies.get(method.type, frozenset())
        if total.currency not in method.currencies or total.currency not in can:
            continue
        found = _with_options(method, capability)
        if found and _fits(total, found, capability):
            yield found


def _with_options(method: Method, capability: Capability) -> Method | None:
    """The method with what the account offers to choose; None if there is nothing to choose."""
    if method.asks is None:
        return method
    options = capability.options.get((method.type, method.asks), ())
    return replace(method, options=options) if options else None


def _fits(total: Money, method: Method, capability: Capability) -> bool:
    """Whether the total is within the limits of the method."""
    least = max(method.least, capability.least_in_installments if method.is_installment else 0)
    return least <= total.amount and (method.most is None or total.amount <= method.most)


class MethodGroup(NamedTuple):
    """Ways to pay that belong together."""

    label: Message
    methods: list[Method]


class GroupedMethods(NamedTuple):
    """The ways to pay as the checkout shows them: a few at once, the others when asked for."""

    primary: list[Method]
    collapsed: list[MethodGroup]
    #: Banks that let the shopper pay by the month; together they are one choice.
    installments: list[Method]

    def collapses(self, name: str) -> bool:
        """Whether the way to pay of that name is among the others."""
        return any(method.type == name for group in self.collapsed for method in group.methods)


#: So many ways to pay, and not more, are shown at once with none of them collapsed away.
MAX_UNGROUPED = 4


def group_methods(methods: list[Method]) -> GroupedMethods:
    """Cards and codes at once; banks and wallets are many, and are collapsed away."""
    installments = [method for method in methods if method.is_installment]
    single = [method for method in methods if not method.is_installment]
    if not installments and len(methods) <= MAX_UNGROUPED:
        return GroupedMethods(methods, [], [])
    groups: dict[Message, list[Method]] = {}
    for method in single:
        if method.kind == MethodKind.REDIRECT:
            groups.setdefault(_group(method), []).append(method)
    collapsed = [MethodGroup(label, found) for label, found in groups.items()]
    primary = [method for method in single if method.kind != MethodKind.REDIRECT]
    return GroupedMethods(primary, collapsed, installments)


def _group(method: Method) -> Message:
    if method.is_mobile_banking:
        return say("Mobile banking")
    return say("Online banking") if method.asks else say("Wallets")


def _is_within_limits(total: Money, capability: Capability) -> bool:
    is_own = OWN_CURRENCY.get(capability.country) == total.currency
    return not is_own or capability.least <= total.amount <= capability.most


class Methods:
    """What the account offers, asked at Omise now and then.

    Only a copy of what Omise says is kept in the process, for as long as `FRESH`; when Omise cannot
    be asked, the last copy goes on being used, and cards are always offered.
    """

    FRESH = timedelta(minutes=5)
    #: How soon Omise is asked again when it could not be.
    AGAIN = timedelta(seconds=15)

    def __init__(self, omise: OmiseClient, *, now: Callable[[], datetime]) -> None:
        self._omise = omise
        self._now = now
        self._known: Capability | None = None
        self._fresh_until: datetime | None = None

    def for_total(self, total: Money) -> list[Method]:
        """The ways to pay a total."""
        return list(offered(total, self._capability()))

    def card_brands(self) -> tuple[str, ...]:
        """The brands of cards that the account takes, the common ones first; none while unknown."""
        capability = self._capability()
        brands = capability.card_brands if capability else ()
        return tuple(sorted(brands, key=lambda brand: brand not in COMMON_BRANDS))

    def method(self, name: str, total: Money) -> Method:
        """The way to pay of that name.

        Raises:
            MethodNotOffered: when it is not offered for the total.
        """
        if name == CARD:
            return METHODS[CARD]
        found = next((m for m in self.for_total(total) if m.type == name), None)
        if found is None:
            raise MethodNotOffered
        return found

    def _capability(self) -> Capability | None:
        if self._fresh_until is None or self._now() >= self._fresh_until:
            try:
                self._known = self._omise.capability()
                self._fresh_until = self._now() + self.FRESH
            except OmiseError as error:
                log.warning("capability_not_fetched", extra={"reason": str(error)})
                self._fresh_until = self._now() + self.AGAIN
        return self._known

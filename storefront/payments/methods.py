"""The ways to pay, as a table. One more way of a known kind is one more row.

Types, flows and currencies: docs.omise.co/payment-methods. Whether the account really has a method
is asked at Omise (`GET /capability`); the table only says what this shop can handle: a card, a code
to scan, or a page of another company, which sends the shopper back.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from .errors import MethodNotOffered
from .i18n import Message
from .i18n import gettext_noop as say
from .money import Money
from .omise import Capability, OmiseClient, OmiseError

log = logging.getLogger(__name__)

CARD = "card"

#: The least and the most that one charge may be, in the smallest unit, for an account of that
#: currency (docs.omise.co/currency-and-amount).
CHARGE_LIMITS = {
    "THB": (2_000, 15_000_000),
    "JPY": (100, 6_000_000),
    "SGD": (100, 2_000_000),
    "MYR": (100, 10_000_000),
    # An account of another country may charge in these too. Omise converts, and applies the limit
    # in the account's own currency; these are what all of its countries accept.
    "USD": (100, 400_000),
    "EUR": (100, 400_000),
    "GBP": (100, 300_000),
}


def charge_limits(currency: str) -> tuple[int, int] | None:
    """The least and the most that one charge may be; None for a currency without a known limit."""
    return CHARGE_LIMITS.get(currency)


class MethodKind(StrEnum):
    """What the shopper has to do."""

    CARD = "card"  #: enter a card here
    SCAN = "scan"  #: scan a code with the app of a bank
    REDIRECT = "redirect"  #: go to another page, and come back


@dataclass(frozen=True, slots=True)
class Method:
    """One way to pay."""

    type: str  #: Omise's name of it
    label: Message
    kind: MethodKind
    currencies: tuple[str, ...] = ("THB",)
    #: What its source needs besides type, amount and currency.
    source: dict[str, str] = field(default_factory=dict)
    #: How long a code can be scanned; Omise decides when nothing is said.
    expires_after: timedelta | None = None

    @property
    def is_mobile_banking(self) -> bool:
        """Whether the page it leads to is a bank's."""
        return self.type.startswith("mobile_banking_")


QR_LIFETIME = timedelta(minutes=15)
ALIPAY_PLUS = ("THB", "SGD", "MYR")
WEB = {"platform_type": "WEB"}


def _scan(name: str, label: Message, currency: str) -> Method:
    return Method(name, label, MethodKind.SCAN, (currency,), expires_after=QR_LIFETIME)


def _page(
    name: str,
    label: Message,
    currencies: tuple[str, ...] = ("THB",),
    source: dict[str, str] | None = None,
) -> Method:
    return Method(name, label, MethodKind.REDIRECT, currencies, source or {})


METHODS: dict[str, Method] = {
    method.type: method
    for method in (
        Method(CARD, say("Card"), MethodKind.CARD, ()),
        _scan("promptpay", say("PromptPay"), "THB"),
        _scan("paynow", say("PayNow"), "SGD"),
        _scan("duitnow_qr", say("DuitNow QR"), "MYR"),
        _page("mobile_banking_kbank", say("K PLUS")),
        _page("mobile_banking_scb", say("SCB EASY")),
        _page("mobile_banking_bbl", say("Bualuang mBanking")),
        _page("mobile_banking_bay", say("Krungsri app")),
        _page("mobile_banking_ktb", say("Krungthai NEXT")),
        _page("mobile_banking_ocbc", say("OCBC Digital"), ("SGD",)),
        _page("truemoney_jumpapp", say("TrueMoney")),
        _page("rabbit_linepay", say("Rabbit LINE Pay")),
        _page("shopeepay", say("ShopeePay")),
        _page("wechat_pay", say("WeChat Pay")),
        _page("alipay_cn", say("Alipay"), ALIPAY_PLUS, WEB),
        _page("alipay_hk", say("AlipayHK"), ALIPAY_PLUS, WEB),
        _page("gcash", say("GCash"), ALIPAY_PLUS, WEB),
        _page("kakaopay", say("KakaoPay"), ALIPAY_PLUS, WEB),
        _page("touch_n_go", say("Touch 'n Go eWallet"), ALIPAY_PLUS, WEB),
        _page("grabpay", say("GrabPay"), ("THB", "SGD", "MYR")),
        _page("boost", say("Boost"), ("MYR",)),
        _page("paypay", say("PayPay"), ("JPY",)),
    )
}


#: In which currency an account of a country counts its limits (docs.omise.co/currency-and-amount).
OWN_CURRENCY = {"TH": "THB", "JP": "JPY", "SG": "SGD", "MY": "MYR"}


def offered(total: Money, capability: Capability | None) -> Iterator[Method]:
    """The methods for a total, cards first; only cards when the capability is unknown."""
    yield METHODS[CARD]
    if capability is None or not _is_within_limits(total, capability):
        return
    for method in METHODS.values():
        can = capability.currencies.get(method.type, frozenset())
        if total.currency in method.currencies and total.currency in can:
            yield method


class MethodGroup(NamedTuple):
    """Ways to pay that belong together."""

    label: Message
    methods: list[Method]


class GroupedMethods(NamedTuple):
    """The ways to pay as the checkout shows them: a few at once, the others when asked for."""

    primary: list[Method]
    collapsed: list[MethodGroup]

    def collapses(self, name: str) -> bool:
        """Whether the way to pay of that name is among the others."""
        return any(method.type == name for group in self.collapsed for method in group.methods)


#: So many ways to pay, and not more, are shown at once with none of them collapsed away.
MAX_UNGROUPED = 4


def group_methods(methods: list[Method]) -> GroupedMethods:
    """Cards and codes at once; banks and wallets are many, and are collapsed away."""
    if len(methods) <= MAX_UNGROUPED:
        return GroupedMethods(methods, [])
    others = [method for method in methods if method.kind == MethodKind.REDIRECT]
    groups = [
        MethodGroup(say("Mobile banking"), [each for each in others if each.is_mobile_banking]),
        MethodGroup(say("Wallets"), [each for each in others if not each.is_mobile_banking]),
    ]
    primary = [method for method in methods if method.kind != MethodKind.REDIRECT]
    return GroupedMethods(primary, [group for group in groups if group.methods])


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
        """The brands of cards that the account takes; none while unknown."""
        capability = self._capability()
        return capability.card_brands if capability else ()

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

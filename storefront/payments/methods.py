"""The ways to pay, as a table. One more way of a known kind is one more row.

Types, flows and currencies: docs.omise.co/payment-methods. Whether the account really has a method
is asked at Omise (method_offers.py); the table only says what this shop can handle: a card, a code
to scan, a number to pay with at a shop, or a page of another company, which sends the shopper back.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from .errors import ContactIncomplete, MethodOptionMissing
from .i18n import Message
from .i18n import gettext_noop as say
from .omise import MethodOption

CARD = "card"
#: The method of an attempt whose source Omise.js created, of a kind that is not known here.
SOURCE = "source"

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
    VOUCHER = "voucher"  #: pay at a shop, with a number


#: What a phone number is at Omise, and how long a name may be, for payments at shops
#: (docs.omise.co/sources-api, tests of omise-ios).
PHONE_NUMBER = re.compile(r"[0-9]{10,11}")
NAME_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Contact:
    """Who pays, for methods that tell them how."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None

    def for_source(self) -> dict[str, str | int]:
        """The fields of a source.

        Raises:
            ContactIncomplete: one of them is missing, or the phone number has other than 10 or 11
                digits.
        """
        digits = re.sub(r"[^0-9+]", "", self.phone or "")
        number = re.sub(r"^\+[0-9]{2}(?=[0-9]{9,10}$)", "0", digits)  # as dialled in the country
        if not (self.name and self.email and PHONE_NUMBER.fullmatch(number)):
            raise ContactIncomplete
        return {
            "name": self.name[:NAME_LENGTH],
            "email": self.email,
            "phone_number": number,
        }


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
    #: The field of the source that the shopper chooses, and what the account offers for it.
    asks: MethodOption | None = None
    options: tuple[tuple[str, str], ...] = ()
    #: Whether Omise must know the name, the email and the phone number of the shopper.
    needs_contact: bool = False
    #: The least and the most of a charge by it, in the smallest unit.
    least: int = 0
    most: int | None = None

    @property
    def is_mobile_banking(self) -> bool:
        """Whether the page it leads to is a bank's."""
        return self.type.startswith("mobile_banking_")

    @property
    def is_installment(self) -> bool:
        """Whether a bank lets the shopper pay by the month."""
        return self.asks == MethodOption.TERM

    def check_option(self, option: str | None) -> None:
        """Check the bank or the term that was chosen.

        Raises:
            MethodOptionMissing: it is none of those that are offered.
        """
        if self.asks and option not in dict(self.options):
            raise MethodOptionMissing

    def source_with(self, option: str | None, contact: Contact) -> dict[str, str | int]:
        """The source of a charge.

        Raises:
            MethodOptionMissing: the option is missing, or is no number of months.
            ContactIncomplete: the name, the email or the phone number is missing, or is none.
        """
        source: dict[str, str | int] = {"type": self.type, **self.source}
        if self.asks:
            if not option or (self.is_installment and not option.isdecimal()):
                raise MethodOptionMissing
            source[self.asks.value] = int(option) if self.is_installment else option
        return source | (contact.for_source() if self.needs_contact else {})


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


def _installments(bank: str, label: Message, currency: str = "THB") -> Method:
    kind = MethodKind.REDIRECT
    return Method(f"installment_{bank}", label, kind, (currency,), asks=MethodOption.TERM)


def _banks(name: str, label: Message) -> Method:
    return Method(name, label, MethodKind.REDIRECT, ("MYR",), asks=MethodOption.BANK)


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
        _banks("fpx", say("FPX")),
        _banks("duitnow_obw", say("DuitNow Online Banking")),
        _installments("bay", say("Krungsri installments")),
        _installments("bbl", say("Bangkok Bank installments")),
        _installments("first_choice", say("Krungsri First Choice installments")),
        _installments("kbank", say("KBank installments")),
        _installments("ktc", say("KTC installments")),
        _installments("scb", say("SCB installments")),
        _installments("ttb", say("ttb installments")),
        _installments("uob", say("UOB installments")),
        _installments("mbb", say("Maybank installments"), "MYR"),
        Method(
            "econtext",
            say("Convenience store, Pay-easy or online banking"),
            MethodKind.VOUCHER,
            ("JPY",),
            needs_contact=True,
            least=200,
            most=49_999,
        ),
    )
}

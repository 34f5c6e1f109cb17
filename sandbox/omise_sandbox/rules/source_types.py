"""Every payment method other than cards, as one table: parameters, flow, codes, limits and fees.

Types, flows and currencies: docs.omise.co/sources-api, the provider's schema, omise-woocommerce.
Messages of limits and fields: tests of omise-ios. Expiry and fees: fixtures of omise-php and
omise-swift. "assumed" marks what no source tells.
Direct debit is missing: it needs linked accounts, which the sandbox does not support.
"""

from typing import NamedTuple

from omise_sandbox.rules.money import CARD_RATE, Rate
from omise_sandbox.storage.clock import DAY

REDIRECT, OFFLINE, APP = "redirect", "offline", "app_redirect"

#: Recorded for promptpay and barcode_alipay, for paynow, and for wechat_pay. The others cost what
#: is recorded for alipay_cn, which is the fee of a card.
QR_RATE, PAYNOW_RATE, FREE = Rate("1.65"), Rate("1.0"), Rate("0.0")
#: Minimum amount of installments (recorded in a Thai capability).
INSTALLMENT_MINIMUM = 200_000


class SourceType(NamedTuple):
    """One payment method."""

    #: The name that shoppers know.
    name: str
    flow: str
    #: The account currencies that can offer it.
    currencies: tuple[str, ...] = ("THB",)
    #: Required fields besides type, amount and currency.
    needs: tuple[str, ...] = ()
    #: What the shopper sees instead of a page: a kind of `qr_codes.CODES`, as an image
    #: (`scannable_code`) or as a payment reference (`references`).
    code: str | None = None
    reference: str | None = None
    #: Limits of the method, besides those of the currency. `below` is exclusive.
    minimum: int = 0
    below: int | None = None
    #: Seconds until an unpaid charge expires; a day where no source tells (assumed).
    lasts: int = DAY
    rate: Rate = CARD_RATE
    refundable: bool = True
    terms: tuple[int, ...] | None = None
    loan_terms: tuple[int, ...] | None = None
    #: A white-label installment also needs the token of a card.
    needs_card: bool = False

    @property
    def has_page(self) -> bool:
        """Whether the shopper is redirected to a page, rather than shown a code."""
        return self.flow != OFFLINE


#: Bank or shop → its name and the terms of its installments, as recorded in omise-java,
#: omise-dotnet and omise-php; those of mbb are assumed.
LENDERS = {
    "bay": ("Krungsri", (3, 4, 6, 9, 10)),
    "bbl": ("Bangkok Bank", (4, 6, 8, 9, 10)),
    "first_choice": ("Krungsri First Choice", (3, 4, 6, 9, 10, 12, 18, 24, 36)),
    "kbank": ("Kasikornbank", (3, 4, 6, 10)),
    "ktc": ("KTC", (3, 4, 5, 6, 7, 8, 9, 10)),
    "scb": ("SCB", (3, 4, 6, 9, 10)),
    "ttb": ("TTB", (3, 4, 6, 10)),
    "uob": ("UOB", (3, 4, 6, 10)),
    "mbb": ("Maybank", (6, 12, 18, 24)),
}
#: White-label terms that differ from the plain ones (recorded).
WHITE_LABEL_TERMS = {"bbl": (4, 6, 8, 10), "kbank": (3, 6, 10)}
FIRST_CHOICE_LOANS = (3, 4, 6, 9, 10, 12, 18, 24)  # recorded

#: Alipay+ requires the shopper's platform (docs.omise.co/sources-api); that other methods do
#: not, is assumed.
PLATFORM = ("platform_type",)
ALIPAY_PLUS = ("THB", "SGD", "MYR")


def _installment(lender: str, *, white_label: bool = False) -> SourceType:
    name, terms = LENDERS[lender]
    if white_label:
        terms = WHITE_LABEL_TERMS.get(lender, terms)
    return SourceType(
        name=f"{name} Installments",
        flow=REDIRECT,
        currencies=("MYR",) if lender == "mbb" else ("THB",),
        needs=("installment_term",),
        minimum=INSTALLMENT_MINIMUM if lender != "mbb" else 0,
        terms=terms,
        loan_terms=FIRST_CHOICE_LOANS if white_label and lender == "first_choice" else None,
        needs_card=white_label,
    )


def _wechat(flow: str, needs: tuple[str, ...] = (), code: str | None = None) -> SourceType:
    """No fee and no refunds, as recorded for `wechat_pay`; assumed for the other types."""
    return SourceType("WeChat Pay", flow, needs=needs, code=code, rate=FREE, refundable=False)


SOURCE_TYPES: dict[str, SourceType] = {
    "promptpay": SourceType("PromptPay", OFFLINE, code="promptpay", lasts=7 * DAY, rate=QR_RATE),
    "internet_banking_bay": SourceType("Krungsri Online", REDIRECT, refundable=False),
    "internet_banking_bbl": SourceType("Bualuang iBanking", REDIRECT, refundable=False),
    "mobile_banking_bay": SourceType("KMA (Krungsri)", APP),
    "mobile_banking_bbl": SourceType("Bualuang mBanking", APP),
    "mobile_banking_kbank": SourceType("K PLUS", APP),
    "mobile_banking_ktb": SourceType("Krungthai NEXT", APP),
    "mobile_banking_scb": SourceType("SCB EASY", APP),
    "mobile_banking_ocbc": SourceType("OCBC Digital", APP, ("SGD",)),
    "truemoney": SourceType("TrueMoney Wallet", REDIRECT),
    "truemoney_jumpapp": SourceType("TrueMoney", APP),
    "truemoney_qr": SourceType("TrueMoney QR", OFFLINE, code="text"),
    "rabbit_linepay": SourceType("Rabbit LINE Pay", REDIRECT),
    "shopeepay": SourceType("ShopeePay", REDIRECT),
    "shopeepay_jumpapp": SourceType("ShopeePay", APP),
    "wechat_pay": _wechat(APP),
    "wechat_pay_mpm": _wechat(OFFLINE, code="text"),
    "wechat_pay_upm": _wechat(OFFLINE, needs=("barcode",)),
    "alipay": SourceType("Alipay", REDIRECT),
    "alipay_cn": SourceType("Alipay", APP, ALIPAY_PLUS, PLATFORM),
    "alipay_hk": SourceType("AlipayHK", APP, ALIPAY_PLUS, PLATFORM),
    "dana": SourceType("DANA", APP, ALIPAY_PLUS, PLATFORM),
    "gcash": SourceType("GCash", APP, ALIPAY_PLUS, PLATFORM),
    "kakaopay": SourceType("KakaoPay", APP, ALIPAY_PLUS, PLATFORM),
    "touch_n_go": SourceType("Touch 'n Go eWallet", APP, ALIPAY_PLUS, PLATFORM),
    "alipayplus_mpm": SourceType("Alipay+", OFFLINE, ALIPAY_PLUS, code="text"),
    "alipayplus_upm": SourceType("Alipay+", OFFLINE, ALIPAY_PLUS, ("barcode",)),
    **{f"installment_{lender}": _installment(lender) for lender in LENDERS},
    **{
        f"installment_wlb_{lender}": _installment(lender, white_label=True)
        for lender in LENDERS
        if lender != "mbb"
    },
    "barcode_alipay": SourceType("Alipay", OFFLINE, needs=("barcode",), rate=QR_RATE),
    "barcode_wechat": _wechat(OFFLINE, needs=("barcode",)),
    "bill_payment_tesco_lotus": SourceType(
        "Lotus's Bill Payment", OFFLINE, reference="bill", refundable=False
    ),
    "atome": SourceType("Atome", REDIRECT, ("THB", "SGD", "MYR")),
    "atome_qr": SourceType("Atome", OFFLINE, ("THB", "SGD", "MYR"), code="text"),
    "points_citi": SourceType("Pay with Citi Points", REDIRECT),
    "fpx": SourceType("FPX", REDIRECT, ("MYR",), ("bank",)),
    "duitnow_qr": SourceType("DuitNow QR", OFFLINE, ("MYR",), code="duitnow"),
    "duitnow_obw": SourceType("DuitNow Online Banking/Wallets", REDIRECT, ("MYR",), ("bank",)),
    "maybank_qr": SourceType("Maybank QR", OFFLINE, ("MYR",), code="text"),
    "boost": SourceType("Boost", REDIRECT, ("MYR",)),
    "grabpay": SourceType("GrabPay", REDIRECT, ("THB", "SGD", "MYR")),
    "paynow": SourceType("PayNow", OFFLINE, ("SGD",), code="paynow", rate=PAYNOW_RATE),
    "econtext": SourceType(
        "Konbini, Pay-easy, Net Banking",
        OFFLINE,
        ("JPY",),
        ("name", "email", "phone_number"),
        reference="econtext",
        minimum=200,
        below=50_000,
        refundable=False,
    ),
    "paypay": SourceType("PayPay", REDIRECT, ("JPY",)),
    "qr_code_upi": SourceType("UPI", OFFLINE, ("THB", "SGD"), code="text"),
}

#: Types of Omise that need linked accounts, which the sandbox does not support.
UNSUPPORTED_TYPES = {f"direct_debit_{bank}" for bank in ("bay", "kbank", "ktb", "scb")}

#: Banks for fpx and duitnow_obw. The form of an entry is from the iOS
#: client's capability; the banks are assumed.
MALAYSIAN_BANKS = [
    {"name": name, "code": code, "active": True}
    for code, name in {
        "affin": "Affin Bank",
        "ambank": "AmBank",
        "bimb": "Bank Islam",
        "cimb": "CIMB Clicks",
        "hlb": "Hong Leong Bank",
        "mb2u": "Maybank2U",
        "public": "Public Bank",
        "rhb": "RHB Bank",
        "uob": "UOB Bank",
    }.items()
]


def offered_in(currency: str) -> dict[str, SourceType]:
    """The types that an account in this currency can offer."""
    return {name: kind for name, kind in SOURCE_TYPES.items() if currency in kind.currencies}

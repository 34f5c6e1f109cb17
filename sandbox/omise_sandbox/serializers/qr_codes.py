"""The payloads of QR codes, and their images.

The payloads have the format that payment apps read (EMVCo merchant-presented codes) and contain the
amount, but name a receiver that does not exist: an app cannot pay them.
"""

from binascii import crc_hqx
from collections.abc import Callable
from hashlib import blake2b
from io import BytesIO

from omise_sandbox.storage.records import Charge

MERCHANT = "PRETEND SANDBOX"
WITHOUT_DECIMALS = {"JPY"}
REFERENCE_DIGITS = 18
NO_MERCHANT = "0" * 15


def picture(charge: Charge, kind: str, image_type: str) -> bytes:
    """The QR code of the charge as PNG or SVG."""
    import segno  # imported on first use: it takes a fifth of the start-up time

    out = BytesIO()
    code = segno.make_qr(CODES[kind](charge), error="m")
    code.save(out, kind=image_type, scale=8, border=4)
    return out.getvalue()


def digits_for(subject: str, number: int) -> str:
    """A reference number, constant for the object."""
    digest = blake2b(f"{number}:{subject}".encode(), digest_size=12).digest()
    return f"{int.from_bytes(digest) % 10**REFERENCE_DIGITS:0{REFERENCE_DIGITS}}"


def main_units(charge: Charge) -> str:
    """The amount in main units: 1234.50."""
    if charge.currency in WITHOUT_DECIMALS:
        return str(charge.amount)
    whole, rest = divmod(charge.amount, 100)
    return f"{whole}.{rest:02}"


def _promptpay(charge: Charge) -> str:
    """Thai bill payment (tag 30) to the biller 000000000000000."""
    account = _field(0, "A000000677010112") + _field(1, NO_MERCHANT) + _field(2, _reference(charge))
    return _emv(30, account, "764", "TH", charge)


def _paynow(charge: Charge) -> str:
    """To a company number (UEN) that does not exist, with a fixed amount."""
    account = _field(0, "SG.PAYNOW") + _field(1, "2") + _field(2, "000000000X") + _field(3, "0")
    return _emv(26, account, "702", "SG", charge)


def _duitnow(charge: Charge) -> str:
    account = _field(0, "A0000006150001") + _field(1, "000000") + _field(2, NO_MERCHANT)
    return _emv(26, account, "458", "MY", charge)


def _bill(charge: Charge) -> str:
    """The lines of a Thai bill payment slip: tax id, two references, amount without a point."""
    numbers = (digits_for(charge.id, 1), digits_for(charge.id, 2))
    return "\r".join((f"|{NO_MERCHANT}", *numbers, str(charge.amount)))


def _text(charge: Charge) -> str:
    """Plain text, for methods whose format is not public."""
    method = charge.source.type if charge.source else ""
    return f"PRETEND {method} {charge.currency} {main_units(charge)} {charge.id}"


def _emv(tag: int, account: str, currency: str, country: str, charge: Charge) -> str:
    """The common frame: single-use code, account, currency, amount, names and checksum."""
    fields = (
        _field(0, "01"),
        _field(1, "12"),
        _field(tag, account),
        _field(52, "0000"),
        _field(53, currency),
        _field(54, main_units(charge)),
        _field(58, country),
        _field(59, MERCHANT),
        _field(60, "NOWHERE"),
        _field(62, _field(1, _reference(charge))),
    )
    payload = "".join(fields) + "6304"
    return payload + f"{crc_hqx(payload.encode(), 0xFFFF):04X}"


def _field(tag: int, value: str) -> str:
    return f"{tag:02}{len(value):02}{value}"


def _reference(charge: Charge) -> str:
    return charge.id[-19:].upper()


#: Kind of code → its payload.
CODES: dict[str, Callable[[Charge], str]] = {
    "promptpay": _promptpay,
    "paynow": _paynow,
    "duitnow": _duitnow,
    "bill": _bill,
    "text": _text,
}

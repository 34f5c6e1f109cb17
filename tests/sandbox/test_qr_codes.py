"""QR codes: real images of payloads that banking apps can read."""

from binascii import crc_hqx
from io import BytesIO
from xml.etree import ElementTree

import pytest
import requests
import segno

AMOUNT = 123_450


def charged(world, type_, currency="THB", **settings):
    """An unpaid charge with a code."""
    wish = {"type": type_} | ({"qr_settings": settings} if settings else {})
    return world.api("POST", "/charges", {"amount": AMOUNT, "currency": currency, "source": wish})


def image_of(charge):
    """The document of the image."""
    return charge["source"]["scannable_code"]["image"]


def emv(*pairs):
    """An EMVCo payload with its checksum."""
    text = "".join(f"{tag}{len(value):02}{value}" for tag, value in pairs) + "6304"
    return f"{text}{crc_hqx(text.encode(), 0xFFFF):04X}"


def png_of(payload):
    """The image of this payload."""
    out = BytesIO()
    segno.make_qr(payload, error="m").save(out, kind="png", scale=8, border=4)
    return out.getvalue()


def test_qr_document_has_the_recorded_shape(world):
    charge = charged(world, "promptpay")

    code = charge["source"]["scannable_code"]
    image = code["image"]

    assert list(code) == ["object", "type", "image"]
    assert (code["object"], code["type"]) == ("barcode", "qr")
    assert list(image) == [
        *("object", "livemode", "id", "deleted", "filename", "location", "download_uri"),
        "created_at",
    ]
    assert image["filename"] == "qrcode.png"
    assert image["location"] == f"/charges/{charge['id']}/documents/{image['id']}"
    assert world.api("GET", image["location"]) == image


def test_qr_image_needs_no_key(world):
    answer = requests.get(image_of(charged(world, "promptpay"))["download_uri"], timeout=5)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG\r\n\x1a\n")


def test_qr_image_is_svg_on_request(world):
    image = image_of(charged(world, "promptpay", image_type="svg"))

    answer = requests.get(image["download_uri"], timeout=5)

    assert image["filename"] == "qrcode.svg"
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(answer.text).tag.endswith("svg")  # noqa: S314 - ours


def test_promptpay_payload_has_the_amount_and_a_fictitious_biller(world):
    charge = charged(world, "promptpay")
    reference = charge["id"][-19:].upper()

    expected = emv(
        ("00", "01"),
        ("01", "12"),
        ("30", f"0016A0000006770101120115{'0' * 15}0219{reference}"),
        ("52", "0000"),
        ("53", "764"),
        ("54", "1234.50"),
        ("58", "TH"),
        ("59", "PRETEND SANDBOX"),
        ("60", "NOWHERE"),
        ("62", f"0119{reference}"),
    )

    shown = requests.get(image_of(charge)["download_uri"], timeout=5).content
    assert shown == png_of(expected)


@pytest.mark.parametrize(
    ("country", "type_", "currency"),
    [("SG", "paynow", "SGD"), ("MY", "duitnow_qr", "MYR"), ("TH", "truemoney_qr", "THB")],
)
def test_every_kind_of_code_has_an_image(world, country, type_, currency):
    world.control("POST", "settings", {"country": country})

    image = image_of(charged(world, type_, currency))

    assert requests.get(image["download_uri"], timeout=5).content.startswith(b"\x89PNG")


def test_qr_image_needs_its_whole_url(world):
    address = image_of(charged(world, "promptpay"))["download_uri"]

    guessed = requests.get(f"{address[:-1]}Z", timeout=5)

    assert (guessed.status_code, guessed.json()["code"]) == (404, "not_found")


def test_unknown_document_is_not_found(world):
    charge = charged(world, "promptpay")

    answer = world.api("GET", f"/charges/{charge['id']}/documents/docu_test_none")

    assert answer["code"] == "not_found"

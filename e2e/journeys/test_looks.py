"""The main pages look as they did: on a phone and a desktop, in the light and in the dark.

What is compared is small and blurred, and every letter is a block (`looks/blocks.ttf`), so that
the fonts of a machine make no difference. When a page is meant to look otherwise, `make looks`
takes the pictures in `looks/` anew; look at them before they are kept.
"""

import base64
import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from e2e.support.cards import DECLINED, MASTERCARD, VISA

LOOKS = Path(__file__).parent / "looks"
FAILED = Path("test-results") / "looks"
SCREENS = {"phone": (390, 844), "desktop": (1280, 900)}

SMALLER = 4  # pixels of the page to one of the picture, each way
TILE = 12  # pixels of the picture that are judged together, each way
MOST = 20  # how far the mean of a tile may be off, of 255

WEAR_BLOCKS = """async (font) => {
  const bytes = Uint8Array.from(atob(font), (letter) => letter.charCodeAt(0))
  document.fonts.add(await new FontFace("Blocks", bytes).load())
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`
    :root { --font: Blocks; --font-figures: Blocks }
    time { display: inline-block; inline-size: 14em; block-size: 1.55em; overflow: clip }`)
  document.adoptedStyleSheets = [sheet]
}"""


def at(path):
    """A page that needs nothing before it."""
    return lambda shopper: shopper.page.goto(path)


def cart(shopper):
    """Two things in the cart."""
    shopper.at_checkout("lamp")
    shopper.at_checkout("mug", 2)
    shopper.page.goto("/cart")


def checkout_with_problems(shopper):
    """Nothing entered, and sent."""
    shopper.at_checkout().press_pay()


def cards(shopper):
    """Two saved cards."""
    shopper.signs_up()
    shopper.has_saved(VISA, MASTERCARD)


PAGES = {
    "home": at("/"),
    "product": at("/products/lamp"),
    "cart": cart,
    "checkout": lambda shopper: shopper.at_checkout(),
    "problems": checkout_with_problems,
    "receipt": lambda shopper: shopper.has_paid_with(VISA),
    "declined": lambda shopper: shopper.at_checkout().pay_with(DECLINED),
    "cards": cards,
    "guide": at("/styleguide"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_as_it_did(shopper, name):
    PAGES[name](shopper)
    font = base64.b64encode((LOOKS / "blocks.ttf").read_bytes()).decode()
    shopper.page.evaluate(WEAR_BLOCKS, font)

    pictures = {f"{name}-{how}": picture for how, picture in pictures_of(shopper.page)}

    if os.environ.get("LOOKS") == "renew":
        for which, picture in pictures.items():
            picture.quantize(256).save(LOOKS / f"{which}.png", optimize=True)
    assert [fault for which, picture in pictures.items() if (fault := judge(which, picture))] == []


def pictures_of(page):
    """The page on each screen in each scheme, small."""
    for screen, (width, height) in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate("scrollTo(0, 0)")
            taken = page.screenshot(full_page=True, animations="disabled")
            yield f"{screen}-{scheme}", Image.open(BytesIO(taken)).convert("RGB").reduce(SMALLER)


def judge(which: str, picture: Image.Image) -> str:
    """What is different from the picture that is kept; nothing if it looks the same."""
    kept = Image.open(LOOKS / f"{which}.png").convert("RGB")
    size = (min(picture.width, kept.width), min(picture.height, kept.height))
    off = ImageChops.difference(picture.crop((0, 0, *size)), kept.crop((0, 0, *size)))
    worst = max(high for _, high in off.reduce(TILE).getextrema())
    taller = abs(picture.height - kept.height)
    if worst <= MOST and taller <= 1:
        return ""
    FAILED.mkdir(parents=True, exist_ok=True)
    picture.save(FAILED / f"{which}.png")
    off.save(FAILED / f"{which}-off.png")
    return f"{which}: off by {worst} of 255, {taller * SMALLER} pixels taller or shorter"

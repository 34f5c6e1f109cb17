"""`make screenshots`: the pictures of the README and the docs, taken from the running shop."""

from demo import ROOT, chromium, fill_in_checkout, pay, put_in_cart, running_demo
from playwright.sync_api import Page, sync_playwright

PICTURES = ROOT / "docs" / "pictures"
SCREENS = {"desktop": (1280, 860), "phone": (390, 844)}

#: The pictures that the docs show.
KEPT = {"shop-desktop-light", "checkout-desktop-light", "checkout-phone-dark", "order-phone-dark"}


def main() -> None:
    """Start the shop, take the pictures, stop it."""
    with running_demo() as demo:
        take_pictures(demo.shop, demo.sandbox)


def take_pictures(shop: str, sandbox: str) -> None:
    """Walk through the shop once for each screen and colour scheme."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium())
        for screen, (width, height) in SCREENS.items():
            for scheme in ("light", "dark"):
                page = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                buy(page, shop, f"{screen}-{scheme}")
                page.context.close()
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(f"{sandbox}/_sandbox/")
        page.get_by_text("/tokens").first.wait_for()
        page.screenshot(path=PICTURES / "inspector.png")
        browser.close()


def buy(page: Page, shop: str, name: str) -> None:
    """Buy something, with pictures of the pages on the way."""

    def picture(what: str) -> None:
        if f"{what}-{name}" in KEPT:
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=PICTURES / f"{what}-{name}.png", full_page=True)

    page.goto(shop)
    picture("shop")
    put_in_cart(page, shop, "lamp")
    fill_in_checkout(page, shop)
    picture("checkout")
    pay(page)
    picture("order")


if __name__ == "__main__":
    main()

"""`make screenshots`: takes the pictures of the README and the docs from a running demo.

The names of the languages need fonts for Thai and Japanese, such as Noto Sans Thai and JP.
"""

from playwright.sync_api import Browser, Page, sync_playwright

from tools.animation import save_animation
from tools.demo import (
    CARD_WITH_3DS,
    ROOT,
    Demo,
    chromium,
    fill_in_checkout,
    pay_button,
    put_in_cart,
    running_demo,
    wait_until_paid,
)

PICTURES = ROOT / "docs" / "pictures"
DESKTOP, PHONE = (1280, 860), (390, 844)

#: The window of the animation: wide enough for the inspector, and legible at half its size.
FRAME = (1000, 760)


def main() -> None:
    """Start the demo, take every picture, stop the demo."""
    PICTURES.mkdir(exist_ok=True)
    with running_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium())
        picture_shop(browser, demo)
        picture_phone(browser, demo)
        animate_payment(browser, demo)
        picture_inspector(browser, demo)
        browser.close()


def picture_shop(browser: Browser, demo: Demo) -> None:
    """The home page and the checkout on a desktop, light."""
    page = new_page(browser, DESKTOP, "light")
    page.goto(demo.shop)
    save(page, "shop-desktop-light")
    put_in_cart(page, demo.shop, "lamp")
    fill_in_checkout(page, demo.shop)
    save(page, "checkout-desktop-light")


def picture_phone(browser: Browser, demo: Demo) -> None:
    """The checkout and the paid order on a phone, dark."""
    page = new_page(browser, PHONE, "dark")
    put_in_cart(page, demo.shop, "lamp")
    fill_in_checkout(page, demo.shop)
    save(page, "checkout-phone-dark")
    pay_button(page).click()
    wait_until_paid(page)
    save(page, "order-phone-dark")


def animate_payment(browser: Browser, demo: Demo) -> None:
    """One payment: checkout, 3-D Secure, paid order, time line in the inspector."""
    page = new_page(browser, FRAME, "light")
    put_in_cart(page, demo.shop, "lamp")
    fill_in_checkout(page, demo.shop, CARD_WITH_3DS)
    pay_button(page).scroll_into_view_if_needed()
    frames = [page.screenshot()]
    pay_button(page).click()
    page.get_by_role("button", name="Approve").wait_for()
    frames.append(page.screenshot())
    page.get_by_role("button", name="Approve").click()
    wait_until_paid(page)
    frames.append(page.screenshot())
    open_timeline(page, demo)
    frames.append(page.screenshot())
    save_animation(frames, PICTURES / "payment.gif")


def open_timeline(page: Page, demo: Demo) -> None:
    """Open the newest payment in the inspector, and wait for its webhook."""
    page.goto(f"{demo.sandbox}/_sandbox/#payments")
    page.locator("#payment-list summary").first.click()
    page.locator("#payment-list li").filter(has_text="charge.complete").first.wait_for()


def picture_inspector(browser: Browser, demo: Demo) -> None:
    """The requests that the sandbox has seen."""
    page = new_page(browser, DESKTOP, "light")
    page.goto(f"{demo.sandbox}/_sandbox/")
    page.get_by_text("/tokens").first.wait_for()
    page.screenshot(path=PICTURES / "inspector.png")


def new_page(browser: Browser, size: tuple[int, int], scheme: str) -> Page:
    """A page in a fresh profile."""
    width, height = size
    dark = scheme == "dark"
    return browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )


def save(page: Page, name: str) -> None:
    """Save a picture of the whole page."""
    page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


if __name__ == "__main__":
    main()

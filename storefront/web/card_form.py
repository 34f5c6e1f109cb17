"""What a page with a card form needs: the configuration of Omise.js, and the saved cards."""

from storefront.container import services
from storefront.payments.errors import PaymentsUnavailable
from storefront.payments.saved_cards import SavedCard
from storefront.shop.shopper import Shopper
from storefront.web.language import language
from storefront.web.template_globals import SHOP_NAME


def omise_js_config() -> dict[str, str]:
    """The configuration of Omise.js; it contains no secret."""
    settings = services().settings
    return {
        "public_key": settings.omise_public_key,
        "js_url": settings.omise_js_url,
        "card_form": settings.card_form,
        "locale": language(),
        "label": SHOP_NAME,
    }


def saved_cards(shopper: Shopper) -> tuple[list[SavedCard], bool]:
    """The saved cards of a shopper, and whether Omise could not be reached for them."""
    try:
        return services().engine.saved_cards.for_owner(shopper.owner), False
    except PaymentsUnavailable:
        return [], True

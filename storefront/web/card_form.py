"""What a page with a card form needs: how it is shown, and the saved cards."""

from storefront.container import services
from storefront.payments.card_form import Presentation
from storefront.payments.errors import PaymentsUnavailable
from storefront.payments.saved_cards import SavedCard
from storefront.shop.shopper import Shopper
from storefront.web.language import language, translate
from storefront.web.static_files import asset
from storefront.web.template_globals import SHOP_NAME


def presentation() -> Presentation:
    """The card form in the language of the shop, with the static files of the shop."""
    return Presentation(
        translate=translate,
        language=language,
        asset=lambda path: asset(f"omise/{path}"),
        label=SHOP_NAME,
    )


def saved_cards(shopper: Shopper) -> tuple[list[SavedCard], bool]:
    """The saved cards of a shopper, and whether Omise could not be reached for them."""
    try:
        return services().engine.saved_cards.for_owner(shopper.owner), False
    except PaymentsUnavailable:
        return [], True

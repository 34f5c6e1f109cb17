"""django-oscar, a shop that keeps books, and what placing an order costs it.

Runs in an environment of its own. `python shop.py FOLDER` reads numbers from standard input, places
so many orders, and prints the seconds of processor time of each request that places one. Nothing is
sent to a payment provider.
"""

import json
import sys
import time
import warnings
from pathlib import Path

folder = Path(sys.argv[1])
warnings.simplefilter("ignore")

import django
from django.conf import settings
from oscar.defaults import *  # noqa: F403 - as the manual of Oscar has it

OSCAR = {name: value for name, value in globals().items() if name.startswith("OSCAR_")}
OSCAR |= {
    "OSCAR_ALLOW_ANON_CHECKOUT": True,
    "OSCAR_DEFAULT_CURRENCY": "THB",
    "OSCAR_SEND_REGISTRATION_EMAIL": False,
}
settings.configure(
    **OSCAR,
    DEBUG=False,
    SECRET_KEY="s" * 50,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SITE_ID=1,
    USE_TZ=True,
    LANGUAGE_CODE="en-gb",
    TIME_ZONE="UTC",
    STATIC_URL="/static/",
    MEDIA_URL="/media/",
    MEDIA_ROOT=str(folder / "media"),
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / "oscar.db"),
            "OPTIONS": {
                "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
                "transaction_mode": "IMMEDIATE",
            },
        }
    },
    HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
    AUTHENTICATION_BACKENDS=[
        "oscar.apps.customer.auth_backends.EmailBackend",
        "django.contrib.auth.backends.ModelBackend",
    ],
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "django.contrib.sites",
        "django.contrib.flatpages",
        "oscar.config.Shop",
        "oscar.apps.analytics.apps.AnalyticsConfig",
        "oscar.apps.checkout.apps.CheckoutConfig",
        "oscar.apps.address.apps.AddressConfig",
        "oscar.apps.shipping.apps.ShippingConfig",
        "oscar.apps.catalogue.apps.CatalogueConfig",
        "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
        "oscar.apps.communication.apps.CommunicationConfig",
        "oscar.apps.partner.apps.PartnerConfig",
        "oscar.apps.basket.apps.BasketConfig",
        "oscar.apps.payment.apps.PaymentConfig",
        "oscar.apps.offer.apps.OfferConfig",
        "oscar.apps.order.apps.OrderConfig",
        "oscar.apps.customer.apps.CustomerConfig",
        "oscar.apps.search.apps.SearchConfig",
        "oscar.apps.voucher.apps.VoucherConfig",
        "oscar.apps.wishlists.apps.WishlistsConfig",
        "oscar.apps.dashboard.apps.DashboardConfig",
        "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
        "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
        "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
        "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
        "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
        "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
        "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
        "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
        "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
        "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
        "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
        "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
        "widget_tweaks",
        "haystack",
        "treebeard",
        "django_tables2",
    ],
    MIDDLEWARE=[
        "django.middleware.common.CommonMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "oscar.apps.basket.middleware.BasketMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.contrib.auth.context_processors.auth",
                    "django.template.context_processors.request",
                    "django.template.context_processors.i18n",
                    "django.contrib.messages.context_processors.messages",
                    "oscar.apps.search.context_processors.search_form",
                    "oscar.apps.checkout.context_processors.checkout",
                    "oscar.core.context_processors.metadata",
                ]
            },
        }
    ],
)
django.setup()

from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]


def stock():
    """A product that never runs out, and a country to ship to."""
    from oscar.apps.address.models import Country
    from oscar.apps.catalogue.models import Product, ProductClass
    from oscar.apps.partner.models import Partner, StockRecord

    Country.objects.create(
        iso_3166_1_a2="TH",
        iso_3166_1_a3="THA",
        iso_3166_1_numeric="764",
        printable_name="Thailand",
        name="Thailand",
        is_shipping_country=True,
    )
    kind = ProductClass.objects.create(name="mugs", track_stock=True, requires_shipping=True)
    product = Product.objects.create(title="Stoneware mug", product_class=kind)
    StockRecord.objects.create(
        product=product,
        partner=Partner.objects.create(name="us"),
        partner_sku="mug",
        price=390,
        price_currency="THB",
        num_in_stock=10**6,
    )
    return product


def place(product):
    """One guest buys: the processor time of the last request."""
    client = Client()
    steps = [
        (f"/basket/add/{product.pk}/", {"quantity": 1}),
        ("/checkout/", {"username": "a@example.com", "options": "anonymous"}),
        (
            "/checkout/shipping-address/",
            {
                "first_name": "S",
                "last_name": "P",
                "line1": "1 Road",
                "line4": "Bangkok",
                "postcode": "10110",
                "country": "TH",
            },
        ),
    ]
    for url, form in steps:
        answer = client.post(url, form)
        assert answer.status_code == 302, (url, answer.status_code)
    client.get("/checkout/shipping-method/")
    client.get("/checkout/payment-method/")
    began = time.thread_time()
    answer = client.post("/checkout/preview/", {"action": "place_order"})
    took = time.thread_time() - began
    assert answer.status_code == 302, answer.content
    assert "thank-you" in answer.url
    return took


def main():
    call_command("migrate", verbosity=0, interactive=False)
    product = stock()
    for line in sys.stdin:
        print(json.dumps([place(product) for _ in range(int(line))]), flush=True)


if __name__ == "__main__":
    main()

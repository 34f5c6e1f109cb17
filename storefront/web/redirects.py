"""Where a form leads back to: always a path of this shop, never another host."""

import re

from flask import request, url_for

from storefront.fraud.card_numbers import contains_card_number

#: A path that a browser keeps on this host: it reads a backslash as a slash, and skips tabs.
LOCAL_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")


def next_path() -> str:
    """The path in the field `next` of the request, or the home page."""
    path = request.values.get("next", "")
    can_follow = LOCAL_PATH.fullmatch(path) and not contains_card_number(path)
    return path if can_follow else url_for("catalogue.index")


def current_path() -> str:
    """The path of this page, for a form that leads back to it; never a rejected card number."""
    if request.endpoint == "checkout.charge":
        return url_for("checkout.show")
    can_return = request.method == "GET" and not contains_card_number(request.path)
    return request.path if can_return else url_for("catalogue.index")

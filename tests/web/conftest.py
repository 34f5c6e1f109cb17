"""In these tests every page that the shop sends is held to the rules of pages."""

from functools import lru_cache

import pytest

from tests.support.page_rules import faults_in

look_over = lru_cache(maxsize=512)(faults_in)


@pytest.fixture
def shop_with(shop_with):
    """Makes shops whose pages are looked over as they leave."""
    found = []

    def note(answer):
        if answer.mimetype == "text/html" and answer.status_code != 204 and not answer.is_streamed:
            found.extend(look_over(answer.get_data(as_text=True)))
        return answer

    def make(**changes):
        app = shop_with(**changes)
        app.after_request(note)
        return app

    yield make
    assert found == []

"""Submit a form of the shop without opening it, for steps that only lead to what is tested."""

import re

from playwright.sync_api import Page, expect

CSRF_FIELD = re.compile(r'name="csrf_token"[^>]* value="([^"]*)"')


def submit_form(page: Page, path: str, action: str, **fields: str) -> None:
    """Read the CSRF token of the form at `path`, and post the fields to `action`.

    The page's cookies are sent, and those that are set are kept.
    """
    form = page.request.get(path)
    expect(form).to_be_ok()
    [token] = set(CSRF_FIELD.findall(form.text()))
    answer = page.request.post(
        action,
        form={"csrf_token": token, **fields},
        # Public pages have no token: the browser's word replaces it.
        headers={"Referer": form.url, "Sec-Fetch-Site": "same-origin"},
        max_redirects=0,
    )
    assert answer.status == 303, f"{action} answered {answer.status}:\n{answer.text()}"

"""Public pages set no cookie for a visitor without a session, and can be cached."""

import pytest

PUBLIC = ["/", "/products/mug"]
OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def visitor(app):
    """The browser of a first visit."""
    return app.test_client()


@pytest.mark.parametrize("path", PUBLIC)
def test_first_visit_sets_no_cookie_and_can_be_cached(visitor, path):
    page = visitor.get(path)

    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert set(page.vary) == {"Accept-Language", "Cookie"}


@pytest.mark.parametrize("path", PUBLIC)
def test_unchanged_page_is_not_sent_again(visitor, path):
    etag = visitor.get(path).headers["ETag"]

    again = visitor.get(path, headers={"If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", PUBLIC)
def test_page_of_a_session_is_private(shopper, path):
    shopper.puts_in_cart()

    page = shopper.sees(path)

    assert page.headers["Cache-Control"] == "no-cache, private"
    assert "Cart 1" in shopper.text
    assert "ETag" not in page.headers


@pytest.mark.parametrize("path", ["/favicon.ico", "/healthz", "/nope"])
def test_other_public_addresses_set_no_cookie(visitor, path):
    assert "Set-Cookie" not in visitor.get(path).headers


@pytest.mark.parametrize("path", ["/favicon.ico", "/healthz"])
def test_answer_that_no_cookie_changes_does_not_vary_by_it(visitor, path):
    assert "Cookie" not in visitor.get(path).vary


def test_static_files_do_not_vary_by_cookie(visitor):
    address = visitor.get("/favicon.ico").location
    picture = visitor.get(address, headers={"Accept-Encoding": "gzip"})

    assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert set(picture.vary) == {"Accept-Encoding"}
    assert "Set-Cookie" not in picture.headers


@pytest.mark.parametrize("path", ["/cart", "/language"])
def test_forms_of_a_first_visit_work_without_a_session(visitor, path):
    visitor.get("/products/mug")

    answer = visitor.post(path, data={"sku": "mug", "language": "th"}, headers=OUR_PAGE)

    assert answer.status_code == 303
    assert "Set-Cookie" in answer.headers


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
@pytest.mark.parametrize("path", ["/cart", "/charge", "/login", "/nope"])
def test_form_of_another_site_replaces_no_session(visitor, path, headers):
    """The browser sends it without the cookie of its session, but would store a new one."""
    answer = visitor.post(path, data={"sku": "mug"}, headers=headers)

    assert answer.status_code >= 400
    assert "Set-Cookie" not in answer.headers

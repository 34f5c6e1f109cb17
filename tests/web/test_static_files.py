"""Static files: small on the way, kept by browsers, the same whichever way they come."""

import gzip
import re

import pytest


@pytest.fixture
def styles(app):
    """The address of a style sheet, as pages give it."""
    page = app.test_client().get("/").text
    return re.search(r'href="(/static/\w+/css/base\.css)"', page)[1]


def test_a_browser_gets_them_compressed_and_keeps_them(app, styles):
    plain = app.test_client().get(styles, buffered=True)
    packed = app.test_client().get(styles, headers={"Accept-Encoding": "gzip, br"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.mimetype == plain.mimetype == "text/css"
    assert len(packed.data) < len(plain.data) / 2
    assert "immutable" in packed.headers["Cache-Control"]


@pytest.mark.parametrize("encodings", ["", "br", "gzip;q=0", "identity"])
def test_who_cannot_unpack_gets_them_plain(app, styles, encodings):
    answer = app.test_client().get(styles, headers={"Accept-Encoding": encodings}, buffered=True)

    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "@layer base" in answer.text


def test_what_another_version_of_the_shop_names_is_not_kept(app):
    answer = app.test_client().get("/static/0123456789ab/css/base.css", buffered=True)

    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_file_carries_what_guards_it_and_nothing_else(app, styles):
    headers = app.test_client().get(styles, headers={"Accept-Encoding": "gzip"}).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'"
    assert "Set-Cookie" not in headers
    assert sum(len(f"{name}: {value}\r\n") for name, value in headers) < 500


def test_favicon_of_pages_that_name_none(app):
    answer = app.test_client().get("/favicon.ico", follow_redirects=True, buffered=True)

    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


def test_pages_are_never_compressed(app):
    answer = app.test_client().get("/", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("path", ["css/nothing.css", "../app.py", "css/../../app.py", "css"])
def test_nothing_else_is_sent(app, path):
    assert app.test_client().get(f"/static/x/{path}").status_code == 404

"""Static files are compressed, cached, and the same in every encoding."""

import gzip
import re

import pytest


@pytest.fixture
def styles(app):
    """The URL of a style sheet, as pages contain it."""
    page = app.test_client().get("/").text
    return re.search(r'href="(/static/\w+/css/tokens[+\w]*\.css)"', page)[1]


def test_files_are_compressed_and_cached(app, styles):
    plain = app.test_client().get(styles, buffered=True)
    compressed = app.test_client().get(styles, headers={"Accept-Encoding": "gzip, br"})

    assert compressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed.data) == plain.data
    assert compressed.mimetype == plain.mimetype == "text/css"
    assert len(compressed.data) < len(plain.data) / 2
    assert "immutable" in compressed.headers["Cache-Control"]


@pytest.mark.parametrize("encodings", ["", "br", "gzip;q=0", "identity"])
def test_files_are_plain_without_gzip_support(app, styles, encodings):
    answer = app.test_client().get(styles, headers={"Accept-Encoding": encodings}, buffered=True)

    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "@layer base" in answer.text


def test_file_of_another_version_is_not_cached(app):
    answer = app.test_client().get("/static/0123456789ab/css/base.css", buffered=True)

    assert answer.headers["Cache-Control"] == "no-cache"


def test_files_carry_only_their_security_headers(app, styles):
    headers = app.test_client().get(styles, headers={"Accept-Encoding": "gzip"}).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in headers
    assert "Set-Cookie" not in headers
    assert sum(len(f"{name}: {value}\r\n") for name, value in headers) < 500


def test_missing_file_is_a_page_with_all_headers(app):
    answer = app.test_client().get("/static/0123456789ab/css/none.css")

    assert answer.status_code == 404
    assert (
        answer.headers["Content-Security-Policy"]
        == app.test_client().get("/cart").headers["Content-Security-Policy"]
    )


def test_picture_that_is_opened_by_itself_runs_no_script(app):
    picture = app.test_client().get("/favicon.ico", follow_redirects=True, buffered=True)

    assert picture.headers["Content-Security-Policy"] == "default-src 'none'"


def test_favicon_of_pages_that_name_none(app):
    answer = app.test_client().get("/favicon.ico", follow_redirects=True, buffered=True)

    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


def test_pages_are_never_compressed(app):
    answer = app.test_client().get("/", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers


def test_files_are_joined_in_the_order_of_their_names(app):
    def content(name):
        return app.test_client().get(f"/static/x/css/{name}.css", buffered=True).text

    assert content("base+tokens") == f"{content('base')}\n{content('tokens')}"


@pytest.mark.parametrize(
    "path",
    [
        *("css/nothing.css", "../app.py", "css/../../app.py", "css"),
        *("css/base+nothing.css", "css/base+base.css", "css/base+.css", "css/+base.css"),
        *("css/base+../js/submit-once.css", "img/a+b.png"),
    ],
)
def test_other_files_are_not_served(app, path):
    assert app.test_client().get(f"/static/x/{path}").status_code == 404

"""Static files: named by their contents, kept by browsers for good, sent compressed.

Pages are not compressed: beside what a request brought along they carry a token against forged
requests, and the length of such a page, compressed, gives the token away (the attack BREACH).
"""

import gzip
import hashlib
from mimetypes import guess_type
from pathlib import Path

from flask import Flask, Response, redirect, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue

FOR_GOOD = "public, max-age=31536000, immutable"

#: What is text inside; other pictures are compressed already.
TEXT = frozenset({".css", ".js", ".svg"})


def init_app(app: Flask, folder: Path) -> None:
    """Let the app send the files of a folder, and templates name them."""
    current, packed = version_of(folder), pack(folder)

    @app.template_global("asset")
    def asset(path: str) -> str:
        return url_for("static", version=current, path=path)

    @app.get("/favicon.ico")
    def favicon() -> ResponseReturnValue:
        """The icon, where a page names none, such as a page of JSON."""
        return redirect(asset("img/favicon.svg"))

    @app.get("/static/<version>/<path:path>", endpoint="static")
    def file(version: str, path: str) -> Response:
        if path in packed and request.accept_encodings.quality("gzip"):
            answer = Response(packed[path], mimetype=guess_type(path)[0])
            answer.headers["Content-Encoding"] = "gzip"
        else:
            answer = send_from_directory(folder, path)
        is_for_good = version == current  # while a new shop takes over, the old one is asked too
        answer.headers["Cache-Control"] = FOR_GOOD if is_for_good else "no-cache"
        answer.vary.add("Accept-Encoding")
        return answer


def pack(folder: Path) -> dict[str, bytes]:
    """The text files of a folder, each as gzip makes it, by their paths."""
    return {
        path.relative_to(folder).as_posix(): gzip.compress(path.read_bytes(), mtime=0)
        for path in folder.rglob("*")
        if path.suffix in TEXT
    }


def version_of(folder: Path) -> str:
    """A name for the present contents of a folder: another file, another name."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]

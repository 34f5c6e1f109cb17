"""Static files: their URL changes with their content, so browsers cache them for good.

Files are compressed, pages are not: a page contains the CSRF token beside text from the request,
and its compressed length would reveal the token (the BREACH attack).
"""

import gzip
import hashlib
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from flask import Flask, Response, redirect, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue

IMMUTABLE = "public, max-age=31536000, immutable"

#: Text files; other images are compressed already.
COMPRESSIBLE = frozenset({".css", ".js", ".svg"})


def init_app(app: Flask, folder: Path) -> None:
    """Serve the files of a folder, and give templates their URLs by `asset(path)`."""
    current, compressed = content_version(folder), compress_files(folder)

    @app.template_global("asset")
    def asset(path: str) -> str:
        return url_for("static", version=current, path=path)

    @app.get("/favicon.ico")
    def favicon() -> ResponseReturnValue:
        """The icon, where a page names none, such as a page of JSON."""
        return redirect(asset("img/favicon.svg"))

    @app.get("/static/<version>/<path:path>", endpoint="static")
    def serve(version: str, path: str) -> Response:
        if path in compressed and request.accept_encodings.quality("gzip"):
            response = Response(compressed[path], mimetype=guess_type(path)[0])
            response.headers["Content-Encoding"] = "gzip"
        else:
            response = send_from_directory(folder, path)
        # During a deployment the old version is requested too, and answered with the new files.
        response.headers["Cache-Control"] = IMMUTABLE if version == current else "no-cache"
        response.vary.add("Accept-Encoding")
        return response


def compress_files(folder: Path) -> dict[str, bytes]:
    """The text files of a folder, compressed with gzip, by path."""
    return {
        path.relative_to(folder).as_posix(): compress(path.read_bytes())
        for path in folder.rglob("*")
        if path.suffix in COMPRESSIBLE
    }


@cache  # for the apps of one process
def compress(content: bytes) -> bytes:
    """The content, compressed, without the time of compression."""
    return gzip.compress(content, mtime=0)


def content_version(folder: Path) -> str:
    """A digest of the contents of a folder; it changes with every file."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]

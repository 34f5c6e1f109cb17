"""Static files: their URL changes with their content, so browsers cache them for good.

Files are compressed, pages are not: a page contains the CSRF token beside text from the request,
and its compressed length would reveal the token (the BREACH attack).
"""

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from flask import Flask, Response, abort, current_app, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

IMMUTABLE = "public, max-age=31536000, immutable"

#: Text files; other images are compressed already.
COMPRESSIBLE = frozenset({".css", ".js", ".svg"})


def init_app(app: Flask, folders: Mapping[str, Path]) -> None:
    """Serve the files of some folders, and give templates their URLs by `asset(path)`.

    Args:
        app: the app.
        folders: each by the prefix of its paths.
    """
    files = find_files(folders)
    compressed = {path: compress(file.read_bytes()) for path, file in text_files(files)}
    app.config["STATIC_VERSION"] = current = content_version(files)
    app.template_global("asset")(asset)

    @app.get("/favicon.ico")
    def favicon() -> ResponseReturnValue:
        """The icon, where a page names none, such as a page of JSON."""
        return redirect(asset("img/favicon.svg"))

    @app.get("/static/<version>/<path:path>", endpoint="static")
    def serve(version: str, path: str) -> Response:
        if path not in files:
            abort(404)
        if path in compressed and request.accept_encodings.quality("gzip"):
            response = Response(compressed[path], mimetype=guess_type(path)[0])
            response.headers["Content-Encoding"] = "gzip"
        else:
            response = send_file(files[path])
        # During a deployment the old version is requested too, and answered with the new files.
        response.headers["Cache-Control"] = IMMUTABLE if version == current else "no-cache"
        response.vary.add("Accept-Encoding")
        return response


def asset(path: str) -> str:
    """The URL of a file, with the version of all files."""
    return url_for("static", version=current_app.config["STATIC_VERSION"], path=path)


def find_files(folders: Mapping[str, Path]) -> dict[str, Path]:
    """All files of the folders, by prefix and path."""
    return {
        prefix + file.relative_to(folder).as_posix(): file
        for prefix, folder in folders.items()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def text_files(files: Mapping[str, Path]) -> list[tuple[str, Path]]:
    """The files that compression makes smaller."""
    return [(path, file) for path, file in files.items() if file.suffix in COMPRESSIBLE]


@cache  # for the apps of one process
def compress(content: bytes) -> bytes:
    """The content, compressed, without the time of compression."""
    return gzip.compress(content, mtime=0)


def content_version(files: Mapping[str, Path]) -> str:
    """A digest of the files; it changes with every content and every path."""
    digest = hashlib.sha256()
    for path, file in files.items():
        digest.update(path.encode() + file.read_bytes())
    return digest.hexdigest()[:12]

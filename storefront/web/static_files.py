"""Static files: their URL changes with their content, so browsers cache them for good.

Text files of one folder and type are served as one under a URL with all their names, such as
css/tokens+base.css: fewer requests, no build step.

Files are compressed, pages are not: a page contains the CSRF token beside text from the request,
and its compressed length would reveal the token (the BREACH attack).
"""

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
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
    app.config["STATIC_VERSION"] = current = content_version(files)
    app.template_global("asset")(asset)

    @app.get("/favicon.ico")
    def favicon() -> ResponseReturnValue:
        """The icon, where a page names none, such as a page of JSON."""
        return redirect(asset("img/favicon.svg"))

    @app.get("/static/<version>/<path:path>", endpoint="static")
    def serve(version: str, path: str) -> Response:
        parts = [files.get(part) for part in split(path)]
        found = [part for part in parts if part is not None]
        if len(found) < len(parts) or len(set(found)) < len(found):
            abort(404)
        response = send(found, accepts_gzip=bool(request.accept_encodings.quality("gzip")))
        # During a deployment the old version is requested too, and answered with the new files.
        response.headers["Cache-Control"] = IMMUTABLE if version == current else "no-cache"
        response.vary.add("Accept-Encoding")
        return response


def split(path: str) -> list[str]:
    """The paths of the files that a URL names together."""
    folder, slash, names = path.rpartition("/")
    stem, dot, suffix = names.rpartition(".")
    if dot + suffix not in COMPRESSIBLE:
        return [path]
    return [f"{folder}{slash}{name}{dot}{suffix}" for name in stem.split("+")]


def send(found: list[Path], *, accepts_gzip: bool) -> Response:
    """The content of files, one after the other."""
    if found[0].suffix not in COMPRESSIBLE:
        return send_file(found[0])
    kind = guess_type(found[0])[0]
    if not accepts_gzip:
        return Response(join(tuple(found)), mimetype=kind)
    response = Response(compress(tuple(found)), mimetype=kind)
    response.headers["Content-Encoding"] = "gzip"
    return response


def asset(path: str) -> str:
    """The URL of a file, with the version of all files."""
    return url_for("static", version=current_app.config["STATIC_VERSION"], path=path)


def find_files(folders: Mapping[str, Path]) -> dict[str, Path]:
    """All files of the folders, by prefix and path."""
    return {
        prefix + path: folder / path
        for prefix, folder in folders.items()
        for path in paths_in(folder)
    }


@cache  # for the apps of one process
def paths_in(folder: Path) -> list[str]:
    """The paths of all files below a folder, in order."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return sorted(file.relative_to(folder).as_posix() for file in files)


def join(found: tuple[Path, ...]) -> bytes:
    """The contents, one after the other."""
    return b"\n".join(file.read_bytes() for file in found)


@lru_cache(maxsize=256)  # for the apps of one process
def compress(found: tuple[Path, ...]) -> bytes:
    """The contents, one after the other and compressed, without the time of compression."""
    return gzip.compress(join(found), mtime=0)


def content_version(files: Mapping[str, Path]) -> str:
    """A digest of the files; it changes with every content and every path."""
    digest = hashlib.sha256()
    for path, file in files.items():
        digest.update(path.encode() + file.read_bytes())
    return digest.hexdigest()[:12]

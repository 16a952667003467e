"""The built web page and the API's document, served by the API process."""

import json
import secrets
from html import escape
from importlib.resources import files
from mimetypes import guess_type
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.exceptions import HTTPException

from bankimport.edge.headers import DOCS_PATH, page_policy

WEB = Path(str(files("bankimport"))) / "web"

NONCE_MARK = "__CSP_NONCE__"
"""Where the build's documents have their nonce."""

PRELOADS = "preloads.json"
"""The build's file that names what each route loads beyond what every document names."""

_FOREVER = "public, max-age=31536000, immutable"
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""The compressions that the build made of each text asset, best first, with their file endings."""

_SCRIPT = '<link rel="modulepreload" crossorigin href="/{}">'
_STYLE = '<link rel="stylesheet" crossorigin href="/{}">'
_WHO_IS_SIGNED_IN = '<link rel="preload" as="fetch" crossorigin href="/api/auth/me">'
"""What every page requests first."""

router = APIRouter()


class _PagePath(PathConvertor):
    """Any path outside the API, which reports its own missing paths and methods."""

    regex = r"(?!api(?:/|$)|socket\.io(?:/|$)).*"


register_url_convertor("page", _PagePath())


@router.api_route("/{path:page}", methods=["GET", "HEAD"], include_in_schema=False)
def page(path: str, request: Request) -> Response:
    """A file of the page. Unknown paths are routes of the page and get its document."""
    asset = _asset(path)
    if asset is not None:
        if path.startswith("assets/"):
            return _compressed(asset, request.headers.get("accept-encoding", ""))
        if asset.suffix == ".html":
            return _document(asset)
        return FileResponse(asset, headers={"Cache-Control": "no-cache"})
    if path.startswith("assets/"):
        # A page opened before an upgrade requests parts that no longer exist; the document would not help it.
        raise HTTPException(404, f"/{path} does not exist")
    index = WEB / "index.html"
    if index.is_file():
        return _document(index, preloads_of(path))
    return HTMLResponse(
        "<!doctype html><title>bankimport</title><h1>bankimport</h1><p>The page is not built into this copy; run "
        '<code>make page</code>. The API is documented at <a href="/api/docs">/api/docs</a>.</p>'
    )


@router.get(DOCS_PATH, include_in_schema=False)
def api_docs() -> Response:
    """The document that describes the API, with its scripts from this server."""
    document = WEB / "api-docs.html"
    if document.is_file():
        return _document(document)
    return HTMLResponse(
        "<!doctype html><title>bankimport</title><p>The page is not built into this copy; run <code>make page</code>. "
        'The API describes itself at <a href="/api/openapi.json">/api/openapi.json</a>.</p>'
    )


def _document(file: Path, links: str = "") -> HTMLResponse:
    """A document of the page with a nonce of its own, so that only its own components' style elements apply.

    `links` are added to its head. Without a validator, since an old body would not fit the new header.
    """
    nonce = secrets.token_urlsafe(16)
    text = file.read_text(encoding="utf-8").replace(NONCE_MARK, nonce).replace("</head>", f"{links}</head>", 1)
    return HTMLResponse(text, headers={"Cache-Control": "no-cache", "Content-Security-Policy": page_policy(nonce)})


def preloads_of(path: str) -> str:
    """Links to what a route of the page loads, for its document, so that the browser does not find them one by one.

    An unknown route has none of its own.
    """
    file = WEB / PRELOADS
    routes: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    wanted = path.strip("/").split("/")
    fitting = [route for route in routes if _fits(route.strip("/").split("/"), wanted)]
    # The route with the fewest parameters, as the page's router chooses.
    names = routes[min(fitting, key=lambda route: route.count("$"))] if fitting else []
    return _WHO_IS_SIGNED_IN + "".join(
        _STYLE.format(name) if name.endswith(".css") else _SCRIPT.format(name) for name in map(escape, names)
    )


def _fits(route: list[str], path: list[str]) -> bool:
    """Whether a path's parts are those of a route, whose parameters begin with `$`."""
    return len(route) == len(path) and all(
        part.startswith("$") or part == given for part, given in zip(route, path, strict=True)
    )


def _asset(path: str) -> Path | None:
    """The page's file at a path, if there is one."""
    try:
        asset = (WEB / path).resolve()
        return asset if asset.is_relative_to(WEB) and asset.is_file() else None
    except (OSError, ValueError):  # Not a file name: too long, or with a NUL.
        return None


def _compressed(asset: Path, accepted: str) -> FileResponse:
    """The asset in the best encoding that was built and that the browser accepts."""
    headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    named = (item.partition(";") for item in accepted.split(","))
    taken = {name.strip() for name, _, weight in named if weight.strip() != "q=0"}
    for encoding, ending in _ENCODINGS.items():
        built = asset.with_name(asset.name + ending)
        if encoding in taken and built.is_file():
            media_type, _ = guess_type(asset.name)
            return FileResponse(built, headers={**headers, "Content-Encoding": encoding}, media_type=media_type)
    return FileResponse(asset, headers=headers)

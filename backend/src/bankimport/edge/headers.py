"""Security headers: what a browser may do with an answer; pure."""

from bankimport.settings import Settings

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

_PAGE = (
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'{nonce}",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)

DOCS_PATH = "/api/docs"
_YEAR_S = 365 * 24 * 3600


def page_policy(nonce: str | None = None) -> str:
    """What a document of the page may load and run. Its components write style elements, which carry its nonce."""
    return "; ".join(_PAGE).format(nonce=f" 'nonce-{nonce}'" if nonce else "")


def headers_for(path: str, settings: Settings) -> dict[str, str]:
    """The headers of an answer under this path, unless the answer sets them itself."""
    headers = dict(_ALWAYS)
    if settings.browser_url.startswith("https://"):
        headers["Strict-Transport-Security"] = f"max-age={_YEAR_S}"
    if path != DOCS_PATH and path.startswith(("/api/", "/socket.io")):
        headers["Content-Security-Policy"] = _NOTHING
    else:
        headers["Content-Security-Policy"] = page_policy()
    if path.startswith(("/api/", "/socket.io")):
        headers["Cache-Control"] = "no-store"
    return headers

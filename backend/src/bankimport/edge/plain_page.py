"""A page of plain HTML, without scripts, for use before sign-in."""

import base64
import hashlib
from html import escape

from fastapi.responses import HTMLResponse

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}"
    "button{font:inherit;padding:.5rem 1rem}input{font:inherit;padding:.4rem}.fault{font-weight:bold}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

PLAIN_PAGE_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def plain_page(title: str, *parts: str, status_code: int = 200) -> HTMLResponse:
    """A page with this title and these parts, which are HTML; see `paragraph` and `form`."""
    body = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · bankimport</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>"
    )
    headers = {"Content-Security-Policy": PLAIN_PAGE_POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(body, status_code=status_code, headers=headers)


def paragraph(text: str, *, is_fault: bool = False) -> str:
    """A paragraph of text."""
    return f'<p class="fault" role="alert">{escape(text)}</p>' if is_fault else f"<p>{escape(text)}</p>"


def link(text: str, address: str) -> str:
    """A paragraph with a link."""
    return f'<p><a href="{escape(address)}">{escape(text)}</a></p>'


def text_input(name: str, label: str, **attributes: str) -> str:
    """A required input of a form, with its label; attributes are those of HTML, such as `type` and `value`."""
    attributes_of_field = {"name": name, "autocomplete": "off", "maxlength": "40", **attributes}
    attributes_text = " ".join(f'{attribute}="{escape(value)}"' for attribute, value in attributes_of_field.items())
    return f"<p><label>{escape(label)}<br><input required {attributes_text}></label></p>"


def form(action: str, button: str, hidden: dict[str, str], *inputs: str) -> str:
    """A form that posts the hidden values, and what its inputs contain; see `text_input`."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in hidden.items()
    )
    return (
        f'<form method="post" action="{escape(action)}">{fields}{"".join(inputs)}'
        f"<button>{escape(button)}</button></form>"
    )

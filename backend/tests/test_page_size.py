"""What a browser loads before the page can show anything stays small, and each page is loaded when it is opened."""

import gzip
import re

from bankimport.app import WEB

MOST_BYTES = 250_000


def test_the_first_scripts_are_at_most_250_kilobytes_and_the_rest_comes_page_by_page() -> None:
    index = (WEB / "index.html").read_text()
    first = set(re.findall(r'(?:src|href)="/(assets/[^"]+\.js)"', index))
    scripts = {path.relative_to(WEB).as_posix() for path in (WEB / "assets").glob("*.js")}

    assert first
    assert sum(len(gzip.compress((WEB / name).read_bytes())) for name in first) <= MOST_BYTES
    assert len(scripts - first) >= 10

#!/bin/sh
# Print the path of a Chromium for the page's tests; install one when there is none.
# Chromium's headless shell comes first: it draws the same pages for less, without windows, extensions and services.
set -eu
find_browser() {
    for name in chromium-headless-shell chromium chromium-browser google-chrome-stable google-chrome; do
        command -v "$name" && return 0
    done
    "$1" -c 'from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    path = Path(p.chromium.executable_path)
    raise SystemExit(0 if path.exists() and not print(path) else 1)'
}
python=$1
find_browser "$python" && exit 0
if command -v apt-get >/dev/null; then
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    if $as_root apt-get update -qq >&2; then
        for package in chromium-headless-shell chromium; do
            DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq "$package" >&2 && find_browser "$python" && exit 0
        done
    fi
fi
"$python" -m playwright install chromium >&2
find_browser "$python" && exit 0
echo "no Chromium could be installed; install one and run this again" >&2
exit 1

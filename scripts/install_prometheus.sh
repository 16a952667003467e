#!/bin/sh
# Make Debian's prometheus and promtool for the tests into a folder of the project, starting and installing nothing.
set -eu
folder=$1
mkdir -p "$folder"
for name in prometheus promtool; do
    if command -v "$name" >/dev/null; then ln -sf "$(command -v "$name")" "$folder/$name"; fi
done
[ -x "$folder/prometheus" ] && [ -x "$folder/promtool" ] && exit 0
if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    # The package is unpacked, not installed: an installed one would start a service.
    if (cd "$work" && apt-get -qq download prometheus >&2) ||
        ($as_root apt-get -qq update >&2 && cd "$work" && apt-get -qq download prometheus >&2); then
        dpkg-deb -x "$work"/prometheus_*.deb "$work/unpacked"
        cp "$work/unpacked/usr/bin/prometheus" "$work/unpacked/usr/bin/promtool" "$folder/"
        exit 0
    fi
fi
echo "put prometheus and promtool on the PATH and run this again" >&2
exit 1

#!/bin/sh
# Install the servers that `make test-engines` starts by itself, from Debian's packages. No service is started.
set -eu
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "make test-engines needs Debian and root" >&2; exit 1; }
missing=""
for package in postgresql-15 pgbouncer redis-server rabbitmq-server; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
# The way of Debian to keep packages from starting services; what was there is put back.
policy=/usr/sbin/policy-rc.d
made=""
[ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod +x "$policy" && made=1; }
trap '[ -z "$made" ] || rm -f "$policy"' EXIT
apt-get -qq update
# shellcheck disable=SC2086 - a list of words
DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >/dev/null

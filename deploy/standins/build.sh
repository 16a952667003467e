#!/bin/sh
# Build local stand-ins for the public base images out of Debian packages, where no image registry can be reached.
# Usage: build.sh PREFIX; makes PREFIX/python, /node, /postgres, /valkey, /caddy and /prometheus. It needs root and podman.
set -eu
prefix=$1
here=$(cd "$(dirname "$0")" && pwd)
command -v mmdebstrap >/dev/null || apt-get -qq install -y --no-install-recommends mmdebstrap >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! podman image exists "$prefix/debian"; then
    mmdebstrap --quiet --variant=minbase --aptopt='APT::Sandbox::User "root"' \
        --include=python3,python3-venv,ca-certificates,postgresql,redis-server,caddy,prometheus \
        "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$work/debian.tar"
    podman import --quiet "$work/debian.tar" "$prefix/debian" >&2
    rm "$work/debian.tar"
fi
# What this machine trusts, and how its pip and npm reach their registries.
mkdir -p "$work/context/etc" "$work/context/npm"
cp -r "$here"/*.sh "$work/context/"
for file in /etc/ssl/certs/ca-certificates.crt /etc/pip.conf /usr/etc/npmrc; do
    if [ -e "$file" ]; then mkdir -p "$work/context/etc/root/$(dirname "$file")" && cp -L "$file" "$work/context/etc/root/$file"; fi
done
cp "$(command -v node)" "$work/context/npm/node"
cp -r "$(npm root -g)/npm" "$work/context/npm/npm"
env | grep -E '^(PIP_CERT|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)=' | sed 's/^/ENV /' > "$work/env" || true
build() {
    { echo "FROM $prefix/debian"; cat; } > "$work/Containerfile"
    podman build --quiet --network=none --file "$work/Containerfile" --tag "$prefix/$1" "$work/context" >&2
}
{ echo 'COPY etc/root /'; cat "$work/env"; } | build python
{ echo 'COPY etc/root /'; cat "$work/env"; cat <<'END'; } | build node
COPY npm/node /usr/local/bin/node
COPY npm/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
END
build postgres <<'END'
COPY postgres.sh /usr/local/bin/docker-entrypoint.sh
VOLUME /var/lib/postgresql
ENTRYPOINT ["sh", "/usr/local/bin/docker-entrypoint.sh"]
END
build valkey <<'END'
RUN ln -s redis-server /usr/bin/valkey-server && ln -s redis-cli /usr/bin/valkey-cli && mkdir -p /data && chown redis /data
USER redis
WORKDIR /data
END
build caddy <<'END'
RUN mkdir -p /data /config
ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
END
build prometheus <<'END'
RUN mkdir -p /prometheus && chown nobody /prometheus
USER nobody
ENTRYPOINT ["prometheus"]
END

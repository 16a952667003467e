#!/bin/sh
# `make deploy-test`: build the images from Debian's packages and this commit, start compose.yaml under podman, and drill it.
# It needs Debian and root; what else it needs it installs by apt. It leaves nothing behind but those packages.
# KEEP=1 keeps the images in .cache/deploy, which makes the next run short; `make clean` removes them.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
prefix=localhost/bankimport-test
cache=$root/.cache/deploy
[ "$(id -u)" = 0 ] || { echo "make deploy-test needs root" >&2; exit 1; }
command -v apt-get >/dev/null || { echo "make deploy-test needs Debian, whose packages become the base images" >&2; exit 1; }
git -C "$root" rev-parse -q --verify HEAD~1 >/dev/null || { echo "the commit before this one is missing: git fetch --unshallow" >&2; exit 1; }
missing=""
for package in podman runc netavark aardvark-dns mmdebstrap iptables; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
# shellcheck disable=SC2086 - a list of words
[ -z "$missing" ] || { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing; } >&2

work=$(mktemp -d)
# Images live apart from those of this machine, so that they can be removed as a whole.
mkdir -p "$cache/storage" "$cache/tmp" "$work/run"
cat > "$work/storage.conf" <<END
[storage]
driver = "overlay"
graphroot = "$cache/storage"
runroot = "$work/run"
END
cat > "$work/containers.conf" <<END
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
END
export CONTAINERS_STORAGE_CONF="$work/storage.conf" CONTAINERS_CONF="$work/containers.conf" TMPDIR="$cache/tmp"
clean() {
    if [ -z "${KEEP:-}" ]; then
        # The folder as a whole: `podman rmi --all` takes minutes to remove what goes anyway.
        podman rm --all --force >/dev/null 2>&1 || true
        awk -v within="$cache/storage" 'index($2, within) == 1 { print $2 }' /proc/mounts | tac | xargs -r -n1 umount || true
        rm -rf "$cache"
    fi
    rm -rf "$work"
    say "everything is removed"
}
began=$(date +%s)
say() {
    printf '%6d s  %s\n' $(($(date +%s) - began)) "$1"
}
trap clean EXIT

if [ ! -x "$cache/tools/bin/podman-compose" ]; then
    python3 -m venv "$cache/tools"
    "$cache/tools/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$root/deploy/requirements-drill.txt"
fi
sh "$root/deploy/standins/build.sh" "$prefix" >/dev/null
say "built the base images from Debian's packages"

build() {
    podman build --quiet --network=host --file "$1/deploy/Dockerfile" --ignorefile "$1/.dockerignore" --tag "$prefix/$2" \
        --build-arg "NODE_IMAGE=$prefix/node" --build-arg "PYTHON_IMAGE=$prefix/python" "$1" >/dev/null
}
# The commit before this one, by this commit's recipe.
mkdir "$work/previous"
git -C "$root" archive HEAD~1 | tar -x -C "$work/previous"
(cd "$root" && cp --parents deploy/Dockerfile deploy/requirements-build.txt .dockerignore "$work/previous/")
build "$work/previous" previous
say "built the image of the previous commit"
build "$root" bankimport
say "built the image of this commit"

# This commit with one migration more, so that there is one between the two.
mkdir "$work/next"
head=$(podman run --rm --entrypoint python "$prefix/bankimport" -c 'from alembic.script import ScriptDirectory
from bankimport.db.migrate import alembic_config
print(ScriptDirectory.from_config(alembic_config("postgresql://nowhere/none")).get_current_head())')
cat > "$work/next/2099-01-01-0000_add_a_column_in_the_drill.py" <<END
"""add a column in the drill."""

import sqlalchemy as sa
from alembic import op

revision = "d4111d411100"
down_revision = "$head"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("truelayer_import_jobs", sa.Column("drill", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("truelayer_import_jobs", "drill")
END
cat > "$work/next/Containerfile" <<END
FROM $prefix/bankimport
USER 0
COPY 2099* /opt/bankimport/
RUN mv /opt/bankimport/2099* /opt/bankimport/lib/python3*/site-packages/bankimport/db/migrations/versions/
USER 10001
END
podman build --quiet --network=none --file "$work/next/Containerfile" --tag "$prefix/next" "$work/next" >/dev/null

# A machine with systemd, PostgreSQL, Redis and this commit's units.
mkdir "$work/machine"
cp "$root"/deploy/systemd/*.service "$work/machine/"
cat > "$work/machine/Containerfile" <<END
FROM $prefix/python
RUN apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends systemd dbus >/dev/null
RUN systemctl disable caddy prometheus
COPY --from=$prefix/bankimport /opt/bankimport /opt/bankimport
COPY *.service /etc/systemd/system/
CMD ["/lib/systemd/systemd"]
END
podman build --quiet --network=host --file "$work/machine/Containerfile" --tag "$prefix/machine" "$work/machine" >/dev/null
say "built the image with a migration more, and a machine that boots systemd"

"$root/.venv/bin/python" "$root/deploy/drill" --compose "$cache/tools/bin/podman-compose" "$@"

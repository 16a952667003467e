#!/bin/sh
# What the public PostgreSQL image does at its start, as far as compose.yaml uses it.
set -eu
data=/var/lib/postgresql/stand-in/data
bin=$(echo /usr/lib/postgresql/*/bin)
as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; }
if [ ! -s "$data/PG_VERSION" ]; then
    mkdir -p "$data" && chown -R postgres:postgres /var/lib/postgresql && chmod 700 "$data"
    cp "$POSTGRES_PASSWORD_FILE" /tmp/password && chown postgres /tmp/password
    as_postgres "$bin/initdb" -D "$data" -U "$POSTGRES_USER" --pwfile=/tmp/password --encoding=UTF8 --auth=scram-sha-256 >/dev/null
    rm /tmp/password
    echo "host all all all scram-sha-256" >> "$data/pg_hba.conf"
    as_postgres "$bin/postgres" --single -D "$data" postgres <<END
CREATE DATABASE $POSTGRES_USER
END
fi
exec setpriv --reuid=postgres --regid=postgres --clear-groups -- "$bin/postgres" -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp

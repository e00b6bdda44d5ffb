#!/bin/sh
# Stands in for the entrypoint of the public Postgres image where that cannot be had: the same settings, the same
# folders, and like that one it does not care which user it is run as.
set -eu
[ "${1:-postgres}" = postgres ] || exec "$@"
mkdir -p "$PGDATA"
chmod 0700 "$PGDATA"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  wrapper=$(ls /usr/lib/*/libnss_wrapper.so)  # initdb wants to know its user's name, and ours has none
  echo "postgres:x:$(id -u):$(id -g):postgres:$PGDATA:/bin/false" > /tmp/passwd
  echo "postgres:x:$(id -g):" > /tmp/group
  LD_PRELOAD="$wrapper" NSS_WRAPPER_PASSWD=/tmp/passwd NSS_WRAPPER_GROUP=/tmp/group \
    initdb --username=postgres --pwfile="$POSTGRES_PASSWORD_FILE" ${POSTGRES_INITDB_ARGS:-}
  printf '\nhost all all all scram-sha-256\n' >> "$PGDATA/pg_hba.conf"
fi
exec postgres -c listen_addresses='*'

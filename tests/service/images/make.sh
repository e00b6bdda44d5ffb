#!/bin/sh
# Makes images that stand in for the public ones of Python and Postgres, from Debian's packages, where no image registry
# can be reached: make.sh FOLDER. Wants root, debootstrap and Docker; does nothing twice.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\).*/\2/p' \
  /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null | head -n 1)

base() {  # NAME PACKAGES: a Debian with these packages, in the folder NAME
  [ -e "$1.made" ] && return
  rm -rf "$1"
  debootstrap --variant=minbase --include="$2" bookworm "$1" "$mirror" > "$1.log" 2>&1
  rm -rf "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/*
  touch "$1.made"
}

have() { docker image inspect "$1" > /dev/null 2>&1; }

if ! have python:3.11-slim-bookworm; then
  base python ca-certificates,python3,python3-venv,python3-pip
  ln -sf python3 python/usr/bin/python
  tar --directory python --create . | docker import --change 'CMD ["python3"]' - python:3.11-slim-bookworm
fi
if ! have postgres:17-bookworm; then
  base postgres postgresql-15,libnss-wrapper
  install -m 0755 "$here/postgres.sh" postgres/usr/local/bin/docker-entrypoint.sh
  install -d -m 1777 postgres/var/lib/postgresql/data
  install -d -m 3777 postgres/run/postgresql
  tar --directory postgres --create . | docker import \
    --change 'ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin' \
    --change 'ENV PGDATA=/var/lib/postgresql/data' \
    --change 'ENTRYPOINT ["docker-entrypoint.sh"]' --change 'CMD ["postgres"]' \
    --change 'VOLUME ["/var/lib/postgresql/data"]' - postgres:17-bookworm
fi

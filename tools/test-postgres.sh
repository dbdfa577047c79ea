#!/usr/bin/env bash
# A private Postgres for one run of the tests: no port, only a Unix socket in a folder of its own.
#
#   tools/test-postgres.sh start [OPTIONS]  prints the folder, which is also the host to connect to (user postgres);
#                                           OPTIONS are the server's, such as "-c fsync=on"
#   tools/test-postgres.sh stop DIR         ends it and deletes the folder
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
if [ -z "$bin" ]; then
  echo "No Postgres server under /usr/lib/postgresql. Install it: apt-get install postgresql" >&2
  exit 1
fi

# The server refuses to run as root.
as_server() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid postgres --regid postgres --init-groups -- env HOME=/ "$@"
  else
    "$@"
  fi
}

case "${1:-}" in
start)
  # Short, because the path of a Unix socket has at most 107 bytes.
  dir=$(mktemp -d /tmp/apisvc-pg.XXXXXX)
  chmod 755 "$dir"
  if [ "$(id -u)" = 0 ]; then chown postgres: "$dir"; fi
  cd "$dir"
  as_server "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$dir/initdb.log" 2>&1 || {
    cat "$dir/initdb.log" >&2
    exit 1
  }
  options="-k $dir -c listen_addresses='' -c max_connections=400"
  # Nothing in it outlives the run, so it need not wait for the disk.
  options+=" -c fsync=off -c synchronous_commit=off -c full_page_writes=off ${2:-}"
  as_server "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -o "$options" -w start >"$dir/start.log" 2>&1 </dev/null || {
    cat "$dir/start.log" "$dir/server.log" >&2
    exit 1
  }
  echo "$dir"
  ;;
stop)
  dir=${2:?the folder that start printed}
  cd /
  as_server "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null
  rm -rf "$dir"
  ;;
*)
  sed -n '2,7s/^# \{0,1\}//p' "$0"
  exit 2
  ;;
esac

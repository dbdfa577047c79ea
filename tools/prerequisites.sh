#!/usr/bin/env bash
# Makes sure that the programs a script needs are there, on Debian and Ubuntu.
#
#   tools/prerequisites.sh PROGRAM…   postgres redis kafka-client kcat node curl python-grpc chromium
#                                     nginx haproxy wrk h2load perf
#
# Installs what is missing where it may (as root, or by sudo without a password); otherwise says exactly
# what to install, and exits with 1.
set -euo pipefail

here() {
  case "$1" in
  postgres) compgen -G '/usr/lib/postgresql/*/bin/postgres' ;;
  redis) command -v redis-server ;;
  kafka-client) /sbin/ldconfig -p | grep -F librdkafka.so.1 ;;
  kcat) command -v kcat ;;
  node) command -v node && command -v npm ;;
  curl) command -v curl ;;
  python-grpc) /usr/bin/python3 -c 'import grpc, google.protobuf' ;;
  chromium) test -x /usr/bin/chromium ;;
  nginx | haproxy | wrk | h2load | perf) PATH=$PATH:/usr/sbin command -v "$1" ;;
  *) echo "prerequisites.sh knows no '$1'" >&2 && exit 2 ;;
  esac >/dev/null 2>&1
}

packages_of() {
  case "$1" in
  postgres) echo postgresql ;;
  redis) echo redis-server ;;
  kafka-client) echo librdkafka1 ;;
  kcat) echo kcat ;;
  node) command -v node >/dev/null && echo npm || echo nodejs npm ;;
  curl) echo curl ;;
  python-grpc) echo python3-grpcio python3-protobuf ;;
  chromium) echo chromium ;;
  nginx) echo nginx-light ;;
  h2load) echo nghttp2-client ;;
  perf) echo linux-perf ;;
  haproxy | wrk) echo "$1" ;;
  esac
}

if ! sdk=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && dotnet --version 2>&1); then
  echo "The .NET SDK that global.json asks for is missing (version 10 from 10.0.100 on): $sdk" >&2
  exit 1
fi

missing=()
for program in "$@"; do
  # shellcheck disable=SC2207 # package names have no spaces
  here "$program" || missing+=($(packages_of "$program"))
done
[ ${#missing[@]} -gt 0 ] || exit 0

install="apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" = 0 ]; then
  sudo=
elif sudo -n true 2>/dev/null; then
  sudo="sudo -n"
else
  echo "These packages are missing and you may not install them. Run as root, then start again:" >&2
  echo "  apt-get update && $install" >&2
  exit 1
fi
if ! command -v apt-get >/dev/null; then
  echo "These packages are missing, by their names on Debian and Ubuntu: ${missing[*]}" >&2
  exit 1
fi
echo "Installing ${missing[*]}" >&2
log=$(mktemp)
if ! { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive $install; } >"$log" 2>&1 </dev/null; then
  tail -20 "$log" >&2
  echo "Could not install ${missing[*]}; the whole log is in $log" >&2
  exit 1
fi
rm "$log"

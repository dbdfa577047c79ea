#!/usr/bin/env bash
# Starts the whole suite on one machine.
#
#   ./run.sh            installs what is missing, builds, and runs in the foreground until Ctrl+C
#   ./run.sh --detach   the same in the background: returns when everything is healthy, or tells what is not
#   ./run.sh --status   tells whether it runs, how it is and where (exit code 3: it does not run)
#   ./run.sh --stop     ends it
#   ./run.sh --reset    ends it and deletes its data
#   ./run.sh --aspire   runs the same AppHost on the upstream packages, with containers and their dashboard
#
# With --no-build after it, it runs what was built before. The data is in .apisvc, or in the folder that APISVC_DATA
# names; addresses and the administrator's secrets are in endpoints.json there. Ports are free ones at the first start
# and the same ones from then on; Ports__postgres__tcp=5433 ./run.sh sets one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export DOTNET_ENVIRONMENT=${DOTNET_ENVIRONMENT:-Development}
export Demo__Seed=${Demo__Seed:-true} # false: no demo team, no sample API
export APISVC_DATA=${APISVC_DATA:-$PWD/.apisvc}
data=$APISVC_DATA
apphost=$PWD/AppHost/bin/Debug/net10.0/ApiSvc.AppHost.dll
patience=180 # seconds from the start until everything has to be healthy
build=true

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# Prints the process of the running AppHost. The number alone may since belong to another process.
running() {
  local pid
  pid=$(cat "$data/apphost.pid" 2>/dev/null) || return 1
  [ -n "$pid" ] && { tr '\0' '\n' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -qxF "$apphost" && echo "$pid"
}

addresses() {
  sed -nE 's/^  "(gateway|gatewayHttp|portal|identity|dashboard|ca)": "(.*)",?$/  \1\t\2/p' "$data/endpoints.json" |
    expand -t 16
}

prepare() {
  local pid
  if pid=$(running); then
    fail "The suite runs already (process $pid). ./run.sh --status tells where, ./run.sh --stop ends it."
  fi
  if ! mkdir -p "$data" 2>/dev/null || ! [ -w "$data" ]; then
    fail "The data folder $data cannot be written." \
      "Make it writable for $(id -un), or name another folder: APISVC_DATA=/path ./run.sh"
  fi
  tools/prerequisites.sh postgres redis kafka-client
  if $build; then
    dotnet build AppHost/AppHost.csproj --nologo -v quiet -consoleLoggerParameters:NoSummary ||
      fail "The build failed; the messages above tell why."
  elif ! [ -e "$apphost" ]; then
    fail "Nothing is built yet: leave --no-build out."
  fi
  rm -f "$data/endpoints.json" "$data/failure.txt"
}

foreground() {
  prepare
  echo $$ >"$data/apphost.pid"
  exec dotnet "$apphost"
}

detach() {
  prepare
  setsid dotnet "$apphost" >"$data/apphost.log" 2>&1 </dev/null &
  local pid=$!
  echo "$pid" >"$data/apphost.pid"
  disown # the shell need not tell how it ended; its log does
  local end=$((SECONDS + patience))
  until [ -e "$data/endpoints.json" ]; do
    if [ -e "$data/failure.txt" ]; then
      not_started "$(cat "$data/failure.txt")"
    elif ended "$pid"; then
      not_started "$(grep -m1 -oP '(?<=Exception: ).*' "$data/apphost.log" || tail -n 5 "$data/apphost.log")"
    elif [ $SECONDS -ge $end ]; then
      not_started "Not everything was healthy after $patience seconds."
    fi
    sleep 0.2
  done
  echo "Everything is healthy."
  addresses
  local url path key
  url=$(value gateway) path=$(value samplePath) key=$(value apiKey)
  if [ -n "$key" ]; then
    printf 'Try it:\n  curl --cacert %q -H "x-api-key: %s" %s%s\n' "$(value ca)" "$key" "$url" "$path"
  fi
}

# Prints a text of endpoints.json by its name.
value() {
  sed -nE "s/^ +\"$1\": \"(.*)\",?\$/\1/p" "$data/endpoints.json" | head -n 1
}

# Whether it was waited for or not. (A command line is not asked for: while a process becomes another program it has none.)
ended() {
  local state
  state=$(sed 's/.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null) || return 0
  [[ $state = [ZX] || -z $state ]]
}

not_started() {
  stop >/dev/null
  local hints=()
  case "$1" in
  *Port*taken*) hints=("Ports are kept in $data/ports.json: end the other process, or delete that file for free ones.") ;;
  esac
  fail "The suite did not start." "$1" "${hints[@]}" "The whole log is in $data/apphost.log"
}

stop() {
  local pid
  if ! pid=$(running); then
    rm -f "$data/apphost.pid" "$data/endpoints.json"
    echo "The suite does not run."
    return
  fi
  # With the guard, which looks after the others and ends a moment after the AppHost.
  local child children end=$((SECONDS + 60))
  children=$(cat /proc/"$pid"/task/*/children 2>/dev/null) || true
  kill -TERM "$pid"
  while running >/dev/null; do
    if [ $SECONDS -ge $end ]; then
      echo "It did not end within a minute and is killed." >&2
      kill -KILL "$pid"
      end=$((SECONDS + 60))
    fi
    sleep 0.1
  done
  for child in $children; do
    while kill -0 "$child" 2>/dev/null && [ $SECONDS -lt $end ]; do
      sleep 0.05
    done
  done
  rm -f "$data/apphost.pid" "$data/endpoints.json"
  echo "Stopped."
}

reset() {
  stop
  [ -d "$data" ] || return 0
  # What was never a data folder is not deleted, whatever APISVC_DATA says.
  [ -e "$data/lock" ] || [ -z "$(ls -A "$data")" ] || [ -e "$data/apphost.log" ] ||
    fail "$data does not look like a data folder of the suite; delete it by hand."
  rm -rf "$data"
  echo "Deleted $data"
}

# Asks the management endpoint on a port, with nothing but the shell.
health() {
  timeout 5 bash -c '
    exec 3<>"/dev/tcp/localhost/$1" && printf "GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n" >&3 && cat <&3
  ' _ "$1" 2>/dev/null | grep -oP -m1 '^\{"status":"\K[a-z]+'
}

status() {
  local pid
  if ! pid=$(running); then
    echo "The suite does not run."
    exit 3
  fi
  if ! [ -e "$data/endpoints.json" ]; then
    echo "The suite is starting (process $pid)."
    exit 1
  fi
  echo "The suite runs (process $pid)."
  addresses
  local name address state bad=0
  while read -r name address; do
    state=$(health "${address##*:}") || state="does not answer"
    printf '  %-13s %s\n' "$name" "$state"
    [ "$state" = healthy ] || [ "$state" = degraded ] || bad=1
  done < <(sed -nE 's/^    "([a-z]+)": \{$/\1/p; s/^      "management": "(.*)",?$/\1/p' "$data/endpoints.json" | paste - -)
  exit $bad
}

aspire() {
  local missing=() engine log="$data/aspire.log"
  mkdir -p "$data"
  for engine in docker podman; do
    "$engine" info >/dev/null 2>&1 && break
    engine=
  done
  [ -n "$engine" ] || missing+=("a running container engine (docker or podman)")
  if ! dotnet restore AppHost/AppHost.csproj -p:UseUpstreamPackages=true --artifacts-path "$data/aspire" >"$log" 2>&1; then
    missing+=("packages in the configured feed: $(grep -oP '(?<=Unable to find package )[\w.]*\w|(?<=The SDK .)[\w.]+' "$log" | sort -u | paste -sd ' ')")
  fi
  if [ ${#missing[@]} -gt 0 ]; then
    fail "This needs what is not here:" "${missing[@]/#/  }"
  fi
  exec dotnet run --project AppHost/AppHost.csproj -p:UseUpstreamPackages=true --artifacts-path "$data/aspire"
}

mode=${1:-}
[ "$mode" = --no-build ] || [ "${2:-}" = --no-build ] && build=false
[ "$mode" = --no-build ] && mode=

case "$mode" in
'') foreground ;;
--detach) detach ;;
--status) status ;;
--stop) stop ;;
--reset) reset ;;
--aspire) aspire ;;
*)
  sed -n '2,15s/^# \{0,1\}//p' "$0"
  exit 2
  ;;
esac

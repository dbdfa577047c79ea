#!/usr/bin/env bash
# Runs benchmarks and prints what they measured; one line of JSON each with --json.
#
#   bench/run.sh [SCENARIO…] [--json] [--quick] [OPTION…]
#
# Scenarios, all without a name:
#   plain   forwarding alone, beside nginx, HAProxy and YARP
#   full    a key among 10,000, a limit for each, a record of each call, beside nginx and HAProxy
#   size    bodies of 1 KiB, 100 KiB and 10 MiB, down and up
#   tls     TLS 1.3 on kept connections, and new ones, resumed and not
#   h2      clients that speak HTTP/2
#   scale   10 to 100,000 APIs and 100 to 1,000,000 keys: cost and memory
#   config  50 changes a second under load: latencies, and how long until a change answers calls
#   idle    memory of 10,000 connections that wait, and of 4,000 by TLS
#   soak    half of saturation for minutes: whether the heap grows
#   tokens  access tokens that clients get for themselves, by second of processor time
#   ai      what the AI adapter adds to a call, beside Portkey's gateway, and memory of 2,000 slow streams
#   ingest  calls a second from Kafka into rows, indexes and rollups, and how long queries over them take
#
# Options of all but tokens, ai and ingest; ai takes --quick too:
#   --quick        fewer and shorter rounds: good enough to see a big difference
#   --rounds N     turns of each; 7
#   --seconds N    of each turn; 3
#   --rate N       calls a second where the rate is fixed; 10000
#   --connections N  of the load generator; 64
#   --minutes N    of the soak; 10
#   --peers NAME,… of nginx, haproxy, yarp: whom the gateway is compared with; all
#   --gateway PATH a build or publish folder of the gateway instead of the repository's own
#   --env NAME=VALUE a setting more for the gateway, such as Edge:Http1:Enabled=false; as often as wanted
#   --variant PATH|NAME=VALUE  another build, or a setting more, of a second gateway that takes turns with the first in plain
#
# Ends with 0 if every aim was kept, with 1 if one was missed, with 2 if there is no result.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

scenarios=()
options=()
own_gateway=1
while [ $# -gt 0 ]; do
  case "$1" in
  -h | --help)
    sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "$0"
    exit 0
    ;;
  --json | --quick) options+=("$1") ;;
  --*)
    [ "$1" = --gateway ] && own_gateway=0
    options+=("$1" "${2:?$1 wants a value}")
    shift
    ;;
  *) scenarios+=("$1") ;;
  esac
  shift
done
if [ ${#scenarios[@]} = 0 ]; then scenarios=(plain full size tls h2 scale config idle soak tokens ai ingest); fi

build() { dotnet build -c Release --nologo -v quiet "$root/$1" >&2; }

status=0
for scenario in "${scenarios[@]}"; do
  case "$scenario" in
  tokens | ai | ingest)
    wanted=()
    [[ " ${options[*]} " == *" --json "* ]] && wanted+=(--json)
    [[ $scenario = ai && " ${options[*]} " == *" --quick "* ]] && wanted+=(--quick)
    if [ "$scenario" = ai ]; then "$root/tools/prerequisites.sh" postgres redis kafka-client node; fi
    dotnet run -c Release --project "$root/bench/${scenario^}" -- "${wanted[@]}" || status=$?
    ;;
  plain | full | size | tls | h2 | scale | config | idle | soak)
    if [ -z "${ready:-}" ]; then
      "$root/tools/prerequisites.sh" nginx haproxy wrk h2load kafka-client
      build bench/Yarp
      build bench/Gateway
      if [ $own_gateway = 1 ]; then build services/Gateway; fi
      ready=1
    fi
    # On the processor of the load: what is measured has the first for itself.
    result=0
    PATH=$PATH:/usr/sbin taskset -c 1 \
      dotnet "$root/bench/Gateway/bin/Release/net10.0/ApiSvc.Bench.Gateway.dll" "$scenario" "${options[@]}" || result=$?
    [ $result -le $status ] || status=$result
    ;;
  *)
    echo "There is no scenario '$scenario'; bench/run.sh --help names them." >&2
    exit 2
    ;;
  esac
done
exit $status

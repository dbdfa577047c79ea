#!/usr/bin/env bash
# Runs benchmarks and prints what they measured; one line of JSON each with --json.
#
#   bench/run.sh [SCENARIO…] [--json]
#
# ingest  calls a second from Kafka into rows, indexes and rollups, and how long queries over them take
set -euo pipefail
cd "$(dirname "$0")/.."

scenarios=()
options=()
for argument in "$@"; do
  case "$argument" in
  -h | --help)
    sed -n '2,6s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  --*) options+=("$argument") ;;
  *) scenarios+=("$argument") ;;
  esac
done
if [ ${#scenarios[@]} = 0 ]; then scenarios=(ingest); fi

for scenario in "${scenarios[@]}"; do
  case "$scenario" in
  ingest) dotnet run -c Release --project bench/Ingest -- "${options[@]}" ;;
  *)
    echo "There is no scenario '$scenario'; there is: ingest." >&2
    exit 2
    ;;
  esac
done

#!/usr/bin/env bash
# Installs what the tests need, builds everything, runs the tests and closes with "N passed, N failed".
#
#   ./test.sh                   all but the long ones
#   ./test.sh --long [NAME]     the long ones (soak, minutes of faults), or the one with that name
#   ./test.sh [--no-build] [-- ARGUMENTS]   ARGUMENTS go to the test programs, such as --filter-class '*Outbox*'
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# Long tests carry the trait Long=NAME.
filter=(--filter-not-trait 'Long=*')
timeout=40m
build=true
while [ $# -gt 0 ]; do
  case "$1" in
  --long)
    filter=(--filter-trait "Long=${2:-*}")
    timeout=60m
    shift $(($# > 1 ? 2 : 1))
    ;;
  --no-build)
    build=false
    shift
    ;;
  --)
    shift
    break
    ;;
  *)
    sed -n '2,6s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
  esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# A host that watches its settings files takes an inotify instance, of which a user may have only 128.
export DOTNET_hostBuilder__reloadConfigOnChange=false
# Programs that start often and run for seconds: neither instrumented code, nor a heap per processor, nor compiling again
# within the first two seconds (7D0 hexadecimal ms) pays for itself.
export DOTNET_TieredPGO=0 DOTNET_gcServer=0 DOTNET_TC_CallCountingDelayMs=7D0
tools/prerequisites.sh postgres redis kafka-client kcat node curl python-grpc chromium

if $build; then
  dotnet build ApiSvc.sln --nologo -v quiet -consoleLoggerParameters:NoSummary || {
    echo "The build failed." >&2
    echo "0 passed, 1 failed"
    exit 1
  }
fi

rm -rf TestResults
mkdir -p TestResults
APISVC_TEST_POSTGRES=$(tools/test-postgres.sh start)
export APISVC_TEST_POSTGRES
trap 'tools/test-postgres.sh stop "$APISVC_TEST_POSTGRES"' EXIT

# Exit code 8: a test program without a test that the filter takes.
status=0
# One program after the other: several of them measure times, and within each two tests run at once.
dotnet test --solution ApiSvc.sln --no-build --max-parallel-test-modules 1 --timeout "$timeout" --ignore-exit-code 8 "${filter[@]}" "$@" 2>&1 |
  tee TestResults/output.txt || status=$?

# What failed, again at the end, where it is found without the rest.
awk '/^failed / { print ""; show = 12 } show > 0 { print; show-- }' TestResults/output.txt

# Tables that tests made, such as the interoperability matrix.
for table in TestResults/*.md; do
  [ -e "$table" ] && { echo && cat "$table"; }
done

# A test program that crashed counts as an error, not as a failure.
echo
awk '
  /^ +succeeded:/ { passed = $2 } /^ +failed:/ { failed = $2 } /^ +skipped:/ { skipped = $2 } /^ +error:/ { errors = $2 }
  END {
    printf "%d passed, %d failed", passed, failed + errors
    if (skipped) printf ", %d skipped", skipped
    print ""
  }' TestResults/output.txt
exit "$status"

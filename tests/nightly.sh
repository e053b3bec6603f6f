#!/usr/bin/env bash
# The tests at the sizes that a commit does not need: more kills, failovers, slow clients and random requests, one class after the
# other, then the proofs. It takes about two hours on two cores, and needs PostgreSQL, PgBouncer, jq, strace, npm and Chromium.
# Arguments choose what runs: tests/nightly.sh CrashTests kill-points
set -uo pipefail
cd "$(dirname "$0")/.."
export POSTGRES_REQUIRED=1

only=("$@")
failed=()

chosen() { [ "${#only[@]}" -eq 0 ] || printf '%s\n' "${only[@]}" | grep -qxF "$1"; }

# <project> <class> [variable=size]...
sized() {
  chosen "$2" || return 0
  echo "== $2 ${*:3}"
  env "${@:3}" dotnet test --project "tests/$1" --no-build --filter-class "*.$2" --show-live-output on || failed+=("$2")
}

proof() {
  chosen "$1" || return 0
  echo "== $1"
  "tests/proofs/$1.sh" || failed+=("$1")
}

dotnet build UserCqrs.sln --verbosity quiet || exit 1
sized UnitTests LinearizabilityTests LINEARIZABILITY_WRITES=1000
sized UnitTests CodePointTests CODE_POINTS=all
sized IntegrationTests 'CodePointOn*' CODE_POINTS=all
sized IntegrationTests FuzzTests FUZZ_REQUESTS=100000
sized IntegrationTests ListCostTests LIST_USERS=1000000
sized IntegrationTests CrashTests CRASH_ROUNDS=500
sized IntegrationTests ChangeHistoryTests CHANGES=1000000
sized IntegrationTests FailoverTests FAILOVER_ROUNDS=20
sized IntegrationTests SeveralInstancesTests IDEMPOTENCY_ROUNDS=1000
sized IntegrationTests LockedTableTests LOCK_ROUNDS=20
sized IntegrationTests DrainUnderLoadTests SIGTERM_ROUNDS=20
sized IntegrationTests DisconnectTests LOAD_DISCONNECTS=3000
sized IntegrationTests IdleConnectionsTests LOAD_IDLE=10000
sized IntegrationTests SlowClientsTests LOAD_LORIS=1000 LOAD_TURNS=7
sized IntegrationTests StalledReadersTests LOAD_STALLED=1000
for script in kill-points sync-order round-trip csv-suites publish generated-clients event-streams mutation; do
  proof "$script"
done

if [ "${#failed[@]}" -gt 0 ]; then
  echo "Failed: ${failed[*]}" >&2
  exit 1
fi
echo 'Everything passed.'

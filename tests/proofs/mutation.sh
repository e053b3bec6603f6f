#!/usr/bin/env bash
# Changes one thing after the other in Domain and Application, and counts which changes the unit tests notice (Stryker.NET). It takes
# about half an hour on two cores, and fails below a score of 80 %. Arguments choose the projects: tests/proofs/mutation.sh Domain
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet tool restore > /dev/null
dotnet build tests/UnitTests --verbosity quiet

[ $# -gt 0 ] || set -- Domain Application
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
cd tests/UnitTests
for project in "$@"; do
  dotnet stryker --project "$project.csproj" --test-runner mtp --concurrency 2 --break-at 80 --threshold-low 80 --threshold-high 90 \
    --reporter cleartext --output "$output/$project"
done

#!/usr/bin/env bash
# Reads the files of csv-spectrum, which npm installs, as the import does, and compares them with the JSON beside them.
# Usage: csv-suites.sh [FOLDER], a checkout of https://github.com/sineemore/csv-test-data, whose bad files must be found malformed.
set -euo pipefail
other=$([ $# -eq 0 ] || realpath "$1")
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" csv-spectrum@2.0.0
export CSV_SUITES="$folder/node_modules/csv-spectrum/csvs${other:+:$other/csv}"
dotnet test --project tests/IntegrationTests --filter-class '*.CsvRecordsTests'

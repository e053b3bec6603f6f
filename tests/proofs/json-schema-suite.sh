#!/usr/bin/env bash
# Runs the required tests of the JSON-Schema-Test-Suite for 2020-12 (tests/draft2020-12/*.json) with AttributesSchema, as the service
# checks attributes. Prints the tests that fail, and those whose schema needs a document that is never fetched.
# Usage: json-schema-suite.sh FOLDER, a checkout of https://github.com/json-schema-org/JSON-Schema-Test-Suite
set -euo pipefail
suite=$(realpath "${1:?Name the folder of a checkout of the JSON-Schema-Test-Suite.}")
cd "$(dirname "$0")/../.."
dotnet run tools/json-schema-suite.cs -- "$suite"

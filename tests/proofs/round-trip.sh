#!/usr/bin/env bash
# Exports invented people and some with strange names, imports them into an empty database, exports them from there, and compares the
# SHA-256 of both exports without what an import makes anew (ids and times). Once as NDJSON, once as CSV. Ends with an error if they
# differ. Needs jq. Usage: round-trip.sh [USERS], 1000000 by default, which take about ten minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
users=${1:-1000000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dotnet build src/Web --configuration Release --verbosity quiet > /dev/null

usercqrs() { DATABASE_URL="sqlite:///$folder/$1.db" dotnet src/Web/bin/Release/net10.0/UserCqrs.Web.dll "${@:2}"; }

# Of what an import keeps, octet by octet.
hash() {
  sed -E 's/^\{"id":[0-9]+,//; s/,"createdAt":"[^"]*","updatedAt":"[^"]*"\}$//' "$1" | sha256sum | cut --delimiter=' ' --fields=1
}

usercqrs from demo --users "$users" > /dev/null
jq --null-input --compact-output '
  ["=1+1", "+SUM(A1)", "-2", "@name", "\u0027quoted", "\"", "a, b; c", "Zo\u00eb", "Zoe\u0308", "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
   "\u05d0\u05d1\u05d2", "\\n", "null", "true", "0012", " nbsp", "\uff21\uff4e\uff4e"]
  | to_entries[] | {name: .value, email: "strange\(.key)@example.org", externalId: "=\(.key) \(.value)", active: (.key % 2 == 0),
    attributes: {text: .value, number: 1.5e300, list: [1, "2", true, {a: {}}], empty: {}, "a.b": ""}}' > "$folder/strange.ndjson"
echo '{"name":"Numbers","email":"numbers@example.org","attributes":{"price":1.50,"big":12345678901234567890,"e":1E+2,"minus":-0}}' \
  >> "$folder/strange.ndjson"
usercqrs from import "$folder/strange.ndjson"
for format in ndjson csv; do
  usercqrs from export "$folder/from.$format"
  usercqrs "$format" import "$folder/from.$format"
  usercqrs "$format" export "$folder/to.ndjson"
  before=$(hash "$folder/from.ndjson")
  after=$(hash "$folder/to.ndjson")
  echo "$format: SHA-256 $before before, $after after"
  [ "$before" = "$after" ]
  rm "$folder/to.ndjson"
done

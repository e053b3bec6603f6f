#!/usr/bin/env bash
# Publishes the last commit in every form that docs/operations.md names, each from a fresh clone, with CI=true (which locks the
# packages) and without, and stops at the first fault: the publication fails, changes a file of the clone or holds symbols or XML
# documentation, or the published program does not make a database, a key for it, and answer to that key. Prints the size of each form
# and the median time from the start to the first answer. linux-arm64 is only published. Needs curl. Takes about five minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v curl > /dev/null || { echo "curl is missing; install it first." >&2; exit 1; }

address=http://127.0.0.1:5097
folder=$(mktemp -d)
clone=$folder/clone out=$folder/out
service=
trap '[ -z "$service" ] || kill -KILL "$service" 2> /dev/null || true; rm -rf "$folder"' EXIT
export DATABASE_URL="sqlite:///$folder/users.db"

fail() { echo "$*: $(cat "$folder/log")" >&2; exit 1; }
milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }

# Publishes with these arguments.
publish() {
  rm -rf "$clone" "$out"
  git clone --quiet . "$clone"
  for ci in true ''; do
    CI=$ci dotnet publish --configuration Release "$@" --output "$out" "$clone/src/Web" > "$folder/log" || fail "CI=$ci publish $*"
    git -C "$clone" status --porcelain > "$folder/log"
    [ ! -s "$folder/log" ] || fail "CI=$ci publish $* changes files"
  done
  find "$out" -name '*.pdb' -o -name '*.xml' > "$folder/log"
  [ ! -s "$folder/log" ] || fail "publish $* brings files that nobody needs"
  echo "publish $*: $(du --apparent-size --summarize --block-size=MB "$out" | cut -f 1)"
}

# Uses the service that is started like this.
serve() {
  local token started answer times=()
  rm -f "$folder"/users.db*
  "$@" migrate > "$folder/log" 2>&1 || fail "migrate"
  token=$("$@" keys create --name proof --scope users:read 2> "$folder/log") || fail "keys create"
  for _ in {1..5}; do
    started=$(milliseconds)
    "$@" --urls "$address" > "$folder/log" 2>&1 &
    service=$!
    until answer=$(curl --silent --fail --header "Authorization: Bearer $token" "$address/v1/users"); do
      kill -0 "$service" 2> /dev/null && [ $(($(milliseconds) - started)) -lt 60000 ] || fail "$* does not serve"
      sleep 0.02
    done
    times+=($(($(milliseconds) - started)))
    [ "$answer" = '{"items":[]}' ] || fail "answers $answer"
    kill -TERM "$service"
    wait "$service" || fail "ends with $?"
    service=
  done
  echo "  first answer after $(printf '%s\n' "${times[@]}" | sort -n | sed -n 3p) ms"
}

publish
serve dotnet "$out/UserCqrs.Web.dll"
publish --runtime linux-x64
serve dotnet "$out/UserCqrs.Web.dll"
publish --runtime linux-x64 --self-contained
serve env --ignore-environment DATABASE_URL="$DATABASE_URL" "$out/UserCqrs.Web" # which must find no .NET but its own
publish --runtime linux-arm64 --self-contained

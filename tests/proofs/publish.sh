#!/usr/bin/env bash
# Publishes the last commit in every form that docs/operations.md names, from a fresh clone, without and with CI=true (which locks the
# packages), and stops at the first fault: the publication fails, changes a file of the clone or holds symbols or XML documentation,
# or the published program does not make a database, a key for it, and answer to that key. Prints the size of each form and how long
# it takes from the start to the first answer. linux-arm64 is only published. Needs curl. Takes about ten minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v curl > /dev/null || { echo "curl is missing; install it first." >&2; exit 1; }

port=5097
folder=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill -KILL "$service" 2> /dev/null || true; rm -rf "$folder"' EXIT
fail() { echo "$1" >&2; exit 1; }
milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }

# Publishes with CI=$1 and the arguments that follow; a self-contained program must find no .NET but its own.
publish() {
  local form="CI=$1 dotnet publish ${*:2}" clone=$folder/clone out=$folder/out
  rm -rf "$clone" "$out" "$folder"/users.db*
  git clone --quiet . "$clone"
  CI=$1 dotnet publish --configuration Release "${@:2}" --output "$out" "$clone/src/Web" > "$folder/log" || fail "$form: $(cat "$folder/log")"
  [ -z "$(git -C "$clone" status --porcelain)" ] || fail "$form changes $(git -C "$clone" status --porcelain)"
  local surplus
  surplus=$(find "$out" -name '*.pdb' -o -name '*.xml')
  [ -z "$surplus" ] || fail "$form brings $surplus"

  local size started ready=
  size=$(du --apparent-size --summarize --block-size=MiB "$out" | cut -f 1)
  if [[ $* != *linux-arm64* ]]; then
    local program=(dotnet "$out/UserCqrs.Web.dll") token
    [[ $* != *--self-contained* ]] || program=(env --ignore-environment DATABASE_URL="sqlite:///$folder/users.db" "$out/UserCqrs.Web")
    "${program[@]}" migrate > "$folder/log" || fail "$form, migrate: $(cat "$folder/log")"
    token=$("${program[@]}" keys create --name proof --scope users:read | grep --only-matching 'ucq_.*') || fail "$form makes no key"
    started=$(milliseconds)
    "${program[@]}" --urls "http://127.0.0.1:$port" > "$folder/log" 2>&1 &
    service=$!
    local answer
    answer=$(curl --silent --fail --retry 600 --retry-delay 0 --retry-max-time 60 --retry-connrefused \
      --header "Authorization: Bearer $token" "http://127.0.0.1:$port/v1/users") || fail "$form does not serve: $(cat "$folder/log")"
    ready=", first answer after $(($(milliseconds) - started)) ms"
    [ "$answer" = '{"items":[]}' ] || fail "$form answers $answer"
    kill -TERM "$service"
    wait "$service" || fail "$form ends with $?: $(cat "$folder/log")"
    service=
  fi
  echo "$form: $size$ready"
}

export DATABASE_URL="sqlite:///$folder/users.db"
for ci in '' true; do
  publish "$ci"
  publish "$ci" --runtime linux-x64
  publish "$ci" --runtime linux-x64 --self-contained
  publish "$ci" --runtime linux-arm64 --self-contained
done

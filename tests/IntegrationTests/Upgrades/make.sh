#!/usr/bin/env bash
# Makes the test data of UpgradeTests for one released schema, with a service that was published from that release:
#   tests/IntegrationTests/Upgrades/make.sh PUBLISHED_FOLDER NAME
# Writes NAME/users.db and users.db.keys, NAME/users.sql (pg_dump), and what the service answers about each: expected.*.json.
set -euo pipefail
service=$(realpath "$1")/UserCqrs.Web
mkdir -p "$(dirname "$0")/$2" && cd "$(dirname "$0")/$2"
postgres=$(compgen -G '/usr/lib/postgresql/*/bin' | tail -n 1)
scratch=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill $pid 2> /dev/null || true; [ ! -e $scratch/pg/postmaster.pid ] || as_owner $postgres/pg_ctl stop -s -m fast -D $scratch/pg; rm -rf $scratch' EXIT
as_owner() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }

fill() { # ENGINE DATABASE_URL
  export DATABASE_URL=$2
  local key revoked address=http://127.0.0.1:5981
  "$service" migrate > /dev/null
  key=$("$service" keys create --name kept --scope users:admin | grep -o 'ucq_[^ ]*')
  revoked=$("$service" keys create --name revoked --scope users:admin | grep -o 'ucq_[^ ]*')
  "$service" keys revoke "${revoked:4:8}" > /dev/null
  Shutdown__DrainSeconds=0 ASPNETCORE_URLS=$address "$service" > "$scratch/log" & pid=$!
  call() { curl -sS --fail-with-body --retry 20 --retry-connrefused --retry-delay 1 -H "Authorization: Bearer $key" -X "$1" "$address$2" "${@:3}"; }
  post() { call POST /v1/users -H 'Content-Type: application/json' -d "$1" > /dev/null; }
  post '{"name":"Ann Lee","email":"Ann@Example.org"}'
  post '{"name":"Zoë 李 😀","email":"info@bücher.example"}'
  post '{"name":"Changed twice","email":"changed@example.org"}'
  post '{"name":"Deleted","email":"deleted@example.org"}'
  post "{\"name\":\"$(printf '😀%.0s' {1..200})\",\"email\":\"long@example.org\"}"
  post '{"name":"Deleted last","email":"last@example.org"}'
  for name in once "O'Neil"; do
    call PATCH /v1/users/3 -H 'Content-Type: application/merge-patch+json' -d "{\"name\":\"$name\"}" > /dev/null
  done
  call DELETE /v1/users/4
  call DELETE /v1/users/6
  printf '{"key":"%s","revokedKey":"%s","lastId":6,"changed":{"id":3,"etag":"\\"3\\""},"items":%s}\n' "$key" "$revoked" \
    "$(call GET '/v1/users?limit=200' | sed 's/^{"items"://; s/}$//')" > "expected.$1.json"
  kill $pid && wait $pid
}

rm -f users.*
fill SQLite "sqlite:///$PWD/users.db"
rm -f users.db.lock
[ ! -s users.db-wal ] || { echo 'users.db is not whole without its WAL.' >&2; exit 1; }
rm -f users.db-wal users.db-shm

[ "$(id -u)" -ne 0 ] || chown postgres "$scratch"
as_owner "$postgres/initdb" -D "$scratch/pg" -U users --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync > /dev/null
as_owner "$postgres/pg_ctl" start -s -w -D "$scratch/pg" -l "$scratch/pg.log" -o "-p 5982 -c listen_addresses=127.0.0.1 -c unix_socket_directories="
"$postgres/createdb" -h 127.0.0.1 -p 5982 -U users users
fill PostgreSQL postgresql://users@127.0.0.1:5982/users
"$postgres/pg_dump" -h 127.0.0.1 -p 5982 -U users --no-owner --no-privileges users > users.sql
ls -l

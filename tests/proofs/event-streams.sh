#!/usr/bin/env bash
# Reads the stream of changes with the npm package eventsource, over two restarts of the service, and in Chromium by fetch.
# Needs Node.js 20, npm and Chromium; the packages come from npm and NuGet.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'kill "${service:-}" 2> /dev/null || true; rm -rf "$work"' EXIT

dotnet publish "$here/../../src/Web" --configuration Release --output "$work/service" --verbosity quiet
export DATABASE_URL=sqlite:///$work/users.db
export SERVICE=http://127.0.0.1:${PORT:-5082}
cd "$work"
dotnet service/UserCqrs.Web.dll migrate > /dev/null
KEY=$(dotnet service/UserCqrs.Web.dll keys create --name proof --scope users:read --scope users:write | grep -o 'ucq_[A-Za-z0-9]*')
export KEY
cp "$here"/event-streams/*.mjs .
npm install --silent --no-audit --no-fund eventsource@5.1.5 puppeteer-core@25.16.0

start() {
  dotnet service/UserCqrs.Web.dll --urls "$SERVICE" > service.log &
  service=$!
  for _ in $(seq 100); do curl -sf "$SERVICE/health/ready" > /dev/null && break; sleep 0.1; done
}

start
node eventsource.mjs &
client=$!
for _ in 1 2; do
  sleep 3
  kill "$service"
  wait "$service"
  start
done
wait "$client"
node chromium.mjs
echo 'The clients got every change once, in order.'

#!/usr/bin/env bash
# Shows in the system calls that no write is acknowledged before the disk has it: between the arrival of a request and
# its 201 there is a sync of the WAL that began after the one and ended before the other. Needs strace and python3.
set -euo pipefail
cd "$(dirname "$0")/../.."
for tool in strace python3; do
  command -v "$tool" > /dev/null || { echo "$tool is missing; install it first." >&2; exit 1; }
done

folder=$(mktemp -d)
trap 'pkill -KILL -P "$strace" || true; rm -rf "$folder"' EXIT
dotnet build --configuration Release --output "$folder/bin" src/Web > /dev/null
DATABASE_URL="sqlite:///$folder/users.db" Shutdown__DrainSeconds=0 Access__AllowAnonymousOnLoopback=true \
  strace --follow-forks --absolute-timestamps=format:unix,precision:us \
  --syscall-times=us --decode-fds=path --string-limit=24 --trace=fsync,fdatasync,recvmsg,recvfrom,sendmsg,sendto --output "$folder/calls" \
  dotnet "$folder/bin/UserCqrs.Web.dll" --urls http://127.0.0.1:5099 > "$folder/log" 2>&1 &
strace=$!

python3 - <<'PYTHON'
import concurrent.futures, http.client, json, time

def create(writer):
    connection = http.client.HTTPConnection("127.0.0.1", 5099)
    for i in range(50):
        body = json.dumps({"name": "Ann", "email": f"{writer}.{i}@example.org"})
        connection.request("POST", "/v1/users", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 201, answer.status

for _ in range(300):
    try:
        http.client.HTTPConnection("127.0.0.1", 5099).request("GET", "/health/live")
        break
    except OSError:
        time.sleep(0.1)
with concurrent.futures.ThreadPoolExecutor(8) as writers:
    list(writers.map(create, range(8)))
PYTHON
pkill -TERM -P "$strace"
wait "$strace" || true

python3 - "$folder/calls" <<'PYTHON'
import re, sys

# A call that others interrupt stands on two lines; the first has the start, the second the time it took.
line_of = re.compile(r"^(\d+) (\d+\.\d+) (?:<\.\.\. )?(\w+)(.*)$")
took_of = re.compile(r"<(\d+\.\d+)>$")
begun, syncs, arrived, checked, late = {}, [], {}, 0, 0
calls = []
for line in open(sys.argv[1], errors="replace"):
    match = line_of.match(line.rstrip())
    if not match:
        continue
    thread, at, call, rest = match[1], float(match[2]), match[3], match[4]
    if "<unfinished ...>" in rest:
        begun[thread] = (at, call, rest)
        continue
    if "resumed>" in rest and thread in begun:
        at, call, head = begun.pop(thread)
        rest = head + rest
    took = took_of.search(rest)
    calls.append((at, at + float(took[1]) if took else at, call, rest))
for start, end, call, rest in sorted(calls):
    if "sync" in call and "-wal" in rest:
        syncs.append((start, end))
for start, end, call, rest in sorted(calls):
    socket = re.match(r"\((\d+)<", rest)
    if call.startswith("recv") and "POST /v1/users" in rest:
        arrived[socket[1]] = start
    elif call.startswith("send") and "HTTP/1.1 201" in rest:
        checked += 1
        since = arrived.pop(socket[1])
        late += not any(since <= begin and finish <= end for begin, finish in syncs)
print(f"{checked} acknowledgements, {len(syncs)} syncs of the WAL, {late} acknowledgements without a sync of their own group before them")
sys.exit(checked != 400 or late > 0)
PYTHON

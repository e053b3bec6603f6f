#!/usr/bin/env bash
# Shows that lists do not starve other requests. On 1,000,000 users it measures every combination of filter and sort alone;
# then, with 64 clients of one list at a time, the latency of GET by id and of /health/live beside them; then how much CPU
# lists take whose callers have gone. Needs wrk and python3. Takes about four minutes.
#   LISTS='namePrefix=A&sort=email …'   the lists of the 64 clients, separated by spaces
#   SECONDS_EACH=8                      how long each of them is measured
set -euo pipefail
cd "$(dirname "$0")/../.."
for tool in wrk python3; do
  command -v "$tool" > /dev/null || { echo "$tool is missing; install it first." >&2; exit 1; }
done

port=5098
seconds=${SECONDS_EACH:-8}
folder=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill -KILL "$service" 2> /dev/null || true; rm -rf "$folder"' EXIT
dotnet publish --configuration Release --output "$folder/bin" src/Web > /dev/null
export DATABASE_URL="sqlite:///$folder/users.db"

dotnet "$folder/bin/UserCqrs.Web.dll" migrate > /dev/null
python3 - "$folder/users.db" <<'PYTHON'
# Names and e-mail addresses are independent; one user in three was changed after its creation, one in six of them lately.
import random, sqlite3, sys
random.seed(1)
first = "Ann Aaron Ben Bea Carl Clara Dora Emil Eva Finn Greta Hugo Ida Jan Jana Karl Lea Max Mia Nora Otto Paul Rosa Sara Tim Uma Vera Willy Yara Zoe".split()
last = ["".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=random.randint(4, 9))).title() for _ in range(5000)]
start, step, users = 1_730_000_000_000_000, 60_000_000, 1_000_000

def rows():
    for id in range(1, users + 1):
        created = start + id * step
        updated = created if id % 3 else start + (users + id % 1000 if id % 6 else random.randint(id, users)) * step
        address = f"{random.choice(first)}.{random.choice(last)}{id}@example.org"
        yield id, f"{random.choice(first)} {random.choice(last)}", address, address.lower(), created, updated, 1

db = sqlite3.connect(sys.argv[1])
db.execute("PRAGMA synchronous = OFF")
db.executemany("INSERT INTO users (id, name, email, email_key, created_at, updated_at, version) VALUES (?, ?, ?, ?, ?, ?, ?)", rows())
db.commit()
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
PYTHON

Access__AllowAnonymousOnLoopback=true Limits__RequestsPerSecond=0 dotnet "$folder/bin/UserCqrs.Web.dll" --urls "http://127.0.0.1:$port" > "$folder/log" 2>&1 &
service=$!

cat > "$folder/get.lua" <<'LUA'
request = function() return wrk.format("GET", "/v1/users/" .. math.random(1000000)) end
LUA
cat > "$folder/latency.lua" <<'LUA'
done = function(summary, latency)
  local failed = summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.connect
  io.write(string.format("RESULT %.1f %.1f %.1f %d %d\n", latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency.max / 1000, summary.requests, failed))
end
LUA
cat "$folder/latency.lua" >> "$folder/get.lua"

python3 - "$port" "$folder" "$service" "$seconds" "${LISTS:-}" <<'PYTHON'
import http.client, itertools, os, re, socket, statistics, subprocess, sys, time
port, folder, service, seconds, lists = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5].split()
sorts = ["id", "name", "email", "createdAt", "updatedAt"]
late, middle, early = "2026-09-25T00:00:00Z", "2025-10-01T00:00:00Z", "2024-10-28T00:00:00Z"
filters = ["", "namePrefix=A", "namePrefix=Zoe%20Q", "namePrefix=Ann", "id=1,500000,1000000", "email=none@example.org"]
filters += [f"{bound}={time}" for bound in ("createdAfter", "createdBefore") for time in (late, middle, early)]
filters += [f"createdAfter={early}&createdBefore={late}", f"namePrefix=A&createdAfter={middle}", f"namePrefix=Zoe&createdBefore={early}"]
failed = False

def get(connection, path):
    started = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, (path, answer.status)
    return (time.perf_counter() - started) * 1000

def cpu():
    fields = open(f"/proc/{service}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

for _ in range(300):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        get(connection, "/health/ready")
        break
    except OSError:
        time.sleep(0.1)

alone = {}
for number, (filter, sort, sign, count) in enumerate(itertools.product(filters, sorts, ("", "-"), ("", "&count=true"))):
    path = f"/v1/users?sort={sign}{sort}{count}" + (f"&{filter}" if filter else "")
    alone[path] = statistics.median(get(connection, path) for _ in range(3))
slowest = sorted(alone.items(), key=lambda item: -item[1])
print(f"{len(alone)} lists alone, median of three: {statistics.median(alone.values()):.1f} ms, the slowest:")
for path, took in slowest[:8]:
    print(f"  {took:7.1f} ms  {path}")
failed |= slowest[0][1] > 250

def wrk(connections, path, script, threads=1):
    return subprocess.Popen(["wrk", "-t", str(threads), "-c", str(connections), "-d", f"{seconds}s", "--timeout", "30s",
        "-s", f"{folder}/{script}.lua", f"http://127.0.0.1:{port}{path}"], stdout=subprocess.PIPE, text=True)

def result(process):
    return [float(number) for number in re.search(r"RESULT (.*)", process.communicate()[0])[1].split()]

print("\nbeside 64 clients of                                              lists/s   GET p50   p99   live p50   p99 ms  failed")
for query in [None] + (lists or ["sort=id", "namePrefix=A&sort=email", f"createdAfter={late}&sort=name", f"createdBefore={early}&sort=-updatedAt",
        f"createdAfter={middle}&sort=-name", f"namePrefix=A&createdAfter={middle}&sort=updatedAt&count=true", slowest[0][0][10:]]):
    beside = wrk(64, f"/v1/users?{query}", "latency") if query else None
    reads, live = wrk(8, "/", "get"), wrk(1, "/health/live", "latency")
    read, probe, listed = result(reads), result(live), result(beside) if beside else [0] * 5
    print(f"{query or 'nothing':66} {listed[3] / seconds:7.0f} {read[0]:9.1f} {read[1]:7.1f} {probe[0]:7.1f} {probe[1]:7.1f}   {read[4] + probe[4] + listed[4]:.0f}", flush=True)
    failed |= bool(query) and (read[0] > 5 or read[1] > 60 or probe[1] > 20) or read[4] + probe[4] + listed[4] > 0

time.sleep(1)
before = cpu()
for _ in range(8):
    with socket.create_connection(("127.0.0.1", port)) as gone:
        gone.sendall(f"GET {slowest[0][0]} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        time.sleep(0.02)
time.sleep(2)
print(f"\n8 abandoned lists took {(cpu() - before) * 1000:.0f} ms of CPU in all")
failed |= cpu() - before > 0.8
sys.exit(failed)
PYTHON

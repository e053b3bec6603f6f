#!/usr/bin/env bash
# Kills restore, backup and copy at every system call by which they change a file, and looks at what is left: a start is refused
# with a message that says how to finish, or all users are there, the former ones or the restored ones. Then the command is run
# again and must succeed. Needs strace and python3. Without arguments it takes all three; else those that are named.
# USERCQRS names the folder of a build to try; without, one is made.
set -euo pipefail
cd "$(dirname "$0")/../.."
for tool in strace python3; do
  command -v "$tool" > /dev/null || { echo "$tool is missing; install it first." >&2; exit 1; }
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -z "${USERCQRS:-}" ]; then
  USERCQRS=$folder/bin
  dotnet build --configuration Release --output "$USERCQRS" src/Web > /dev/null
fi

python3 - "$folder" "$USERCQRS/UserCqrs.Web.dll" "${@:-restore backup copy}" <<'PYTHON'
import collections, concurrent.futures, os, re, shutil, signal, sqlite3, subprocess, sys

root, program, commands = sys.argv[1], sys.argv[2], " ".join(sys.argv[3:]).split()
changing = "write,pwrite64,ftruncate,truncate,rename,renameat,renameat2,unlink,unlinkat,link,linkat,mkdir,mkdirat,rmdir,fsync,fdatasync"
former = {f"former{i}@example.org" for i in range(40)}
backed_up = {f"backup{i}@example.org" for i in range(20)}


def run(folder, *arguments, trace=()):
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/users.db", "DOTNET_gcServer": "0"}
    command = [*trace, "dotnet", program, *arguments]
    return subprocess.run(command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def insert(database, emails, killed=False):
    """As the service would; killed leaves the WAL behind, as a kill does."""
    connection = sqlite3.connect(database, isolation_level=None)
    for email in sorted(emails):
        connection.execute("INSERT INTO users (name, email, email_key, created_at, updated_at, version) VALUES ('A', ?1, ?1, 0, 0, 1)", (email,))
    if killed:
        for suffix in ["", "-wal", "-shm"]:
            shutil.copy(database + suffix, f"{database}.killed{suffix}")
    connection.close()
    if killed:
        for suffix in ["", "-wal", "-shm"]:
            os.rename(f"{database}.killed{suffix}", database + suffix)


def read(folder, database, alone=False):
    """The addresses in a copy of a database, with its WAL or alone; None: there is none."""
    if not os.path.exists(database):
        return None
    copy = os.path.join(folder, "copy.db")
    for suffix in ["", "-wal"]:
        if os.path.exists(copy + suffix):
            os.remove(copy + suffix)
        if os.path.exists(database + suffix) and not (alone and suffix):
            shutil.copy(database + suffix, copy + suffix)
    connection = sqlite3.connect(copy)
    try:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            return "damaged"
        if not connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'users'").fetchone()[0]:
            return set()
        return {email for email, in connection.execute("SELECT email FROM users")}
    except sqlite3.DatabaseError as error:
        return str(error)
    finally:
        connection.close()


def name(users):
    if users is None:
        return "absent"
    if not isinstance(users, set):
        return users  # what is wrong with the database
    return "former" if users == former else "restored" if users == backed_up else "none" if not users else f"{len(users)} users"


def start(folder):
    """What a start would meet: migrate takes the same way to the file. Answers refused, or whose users the file alone holds."""
    result = run(folder, "migrate")
    if result.returncode == 78 and "restore again" in result.stdout:
        return "refused"
    if result.returncode != 0:
        return f"exit {result.returncode}: {result.stdout}"
    return name(read(folder, f"{folder}/users.db", alone=True))


def check_restore(folder):
    state = start(folder)
    again = run(folder, "restore", "backup.db")
    kept = [name(read(folder, os.path.join(folder, entry, "users.db") if os.path.isdir(os.path.join(folder, entry)) else os.path.join(folder, entry)))
            for entry in os.listdir(folder) if ".before-" in entry and not entry.endswith(("-wal", "-shm"))]
    good = state in ("refused", "former", "restored") and again.returncode == 0 and start(folder) == "restored" and "former" in kept
    return good, state, again.stdout + f" kept: {kept}"


def check_backup(folder):
    state = f"source {start(folder)}, copy {name(read(folder, folder + '/copied.db', alone=True))}"
    again = run(folder, "backup", "copied.db") if state.endswith("absent") else None
    good = state in ("source former, copy absent", "source former, copy former") and (again is None or again.returncode == 0)
    return good, state, again.stdout if again else ""


def check_copy(folder):
    made = name(read(folder, folder + "/target.db"))
    again = run(folder, *copy) if made in ("absent", "none") else None
    state = f"source {start(folder)}, target {made}"
    whole = name(read(folder, folder + "/target.db", alone=again is not None)) == "former"
    good = state in ("source former, target absent", "source former, target none", "source former, target former")
    return good and whole and (again is None or again.returncode == 0), state, again.stdout if again else ""


copy = ["copy", "--from", "sqlite:///./users.db", "--to", "sqlite:///./target.db"]
plans = {"restore": (["restore", "backup.db"], check_restore), "backup": (["backup", "copied.db"], check_backup), "copy": (copy, check_copy)}

template = os.path.join(root, "template")
os.mkdir(template)
assert run(template, "migrate").returncode == 0
insert(f"{template}/users.db", backed_up)
assert run(template, "backup", "backup.db").returncode == 0
connection = sqlite3.connect(f"{template}/users.db", isolation_level=None)
connection.execute("DELETE FROM users")
connection.close()
insert(f"{template}/users.db", former, killed=True)
assert read(root, f"{template}/users.db") == former and read(root, f"{template}/users.db", alone=True) != former


def traced(arguments, folder, log, *inject):
    paths = [f"{folder}/{file}" for file in traced_files] + [folder]
    watch = [option for path in paths for option in ("-P", path)]
    return run(folder, *arguments, trace=["strace", "-f", "-qq", "-o", log, *watch, "-e", f"trace={changing}", *inject])


def files_of(arguments):
    """All paths in the folder that the command changes, so that strace can leave out the runtime's own calls."""
    folder = shutil.copytree(template, os.path.join(root, "first"))
    log = os.path.join(root, "first.log")
    run(folder, *arguments, trace=["strace", "-f", "-qq", "-y", "-o", log, "-e", f"trace={changing},openat"])
    found = {match for match in re.findall(re.escape(folder) + r"/([^\s\">,]*)", open(log).read())}
    shutil.rmtree(folder)
    return sorted(file for file in found if file)


failures = 0
for command in commands:
    arguments, check = plans[command]
    traced_files = files_of(arguments)
    folder = shutil.copytree(template, os.path.join(root, "whole"))
    log = os.path.join(root, "whole.log")
    assert traced(arguments, folder, log).returncode == 0
    calls = [match.groups() for match in (re.match(r"(\d+) +(\w+)\(", line) for line in open(log)) if match]
    threads = collections.Counter(thread for thread, _ in calls)
    assert len(threads) == 1, f"strace counts the calls of each thread by itself, and there are {len(threads)} threads"
    shutil.rmtree(folder)

    def kill(number):
        call = calls[number - 1][1]
        nth = sum(other == call for _, other in calls[:number])  # strace counts each kind of call by itself
        folder = shutil.copytree(template, os.path.join(root, f"{command}{number}"))
        killed = traced(arguments, folder, f"{folder}.log", "-e", f"inject={call}:signal=SIGKILL:when={nth}")
        if killed.returncode not in (-signal.SIGKILL, 128 + signal.SIGKILL):
            return number, False, f"not killed: {killed.returncode} {killed.stdout}", ""
        good, state, said = check(folder)
        if good:
            shutil.rmtree(folder)
        return number, good, state, said

    with concurrent.futures.ThreadPoolExecutor(2) as workers:
        results = list(workers.map(kill, range(1, len(calls) + 1)))
    for number, good, state, said in results:
        if not good:
            failures += 1
            print(f"  {command} killed at call {number} ({calls[number - 1][1]}): {state}; run again: {said.strip()}")
    kinds = ", ".join(f"{count} {call}" for call, count in collections.Counter(call for _, call in calls).items())
    states = ", ".join(f"{count}× {state}" for state, count in collections.Counter(state for _, _, state, _ in results).items())
    print(f"{command}: killed at {len(calls)} calls ({kinds}); then: {states}; {sum(not good for _, good, _, _ in results)} bad", flush=True)
sys.exit(failures > 0)
PYTHON

// Creates users one after the other, also while the service restarts, and reads them from the stream.
import assert from "node:assert/strict";
import { EventSource } from "eventsource";

const { SERVICE: service, KEY: key } = process.env;
const authorized = headers => ({ ...headers, Authorization: `Bearer ${key}` });
const [created, seen, opened] = [[], [], []];
let heartbeats = 0;

const source = new EventSource(`${service}/v1/changes?after=now`, {
  fetch: (url, options) => {
    opened.push(options.headers["Last-Event-ID"] ?? "");
    return fetch(url, { ...options, headers: authorized(options.headers) });
  },
});
source.addEventListener("heartbeat", () => heartbeats++);
source.onmessage = event => seen.push(JSON.parse(event.data));
source.onerror = error => assert.ok(!error.code || error.code === 200, `The client gave up: ${error.code} ${error.message}`);
await new Promise(resolve => source.addEventListener("heartbeat", resolve, { once: true }));

const end = Date.now() + 10_000;
while (Date.now() < end) {
  const user = { name: `Ann ${created.length}`, email: `${created.length}@example.org` };
  const response = await fetch(`${service}/v1/users`, {
    method: "POST", headers: authorized({ "Content-Type": "application/json" }), body: JSON.stringify(user),
  }).catch(() => undefined);
  if (response?.ok) created.push((await response.json()).id);
  else await new Promise(resolve => setTimeout(resolve, 50));
}

for (let i = 0; i < 300 && seen.length < created.length; i++) await new Promise(resolve => setTimeout(resolve, 100));
source.close();
assert.ok(created.length > 100, `${created.length} users`);
assert.deepEqual(seen.map(change => change.userId), created);
assert.ok(opened.length >= 3 && opened.slice(1).every(id => id.length > 0), `Last-Event-ID: ${opened}`);
console.log(`eventsource: ${seen.length} changes, ${heartbeats} heartbeats, ${opened.length} connections`);

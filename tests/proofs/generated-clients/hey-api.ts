// The client of @hey-api/openapi-ts.
import assert from "node:assert";
import { client } from "./hey/client.gen.js";
import {
  classicAddNewUser, classicDeleteUser, classicGetUser, createUser, deleteUser, getUser, listUsers, patchUser, replaceUser,
} from "./hey/index.js";

client.setConfig({ baseUrl: process.env.SERVICE! });
const email: string = `hey-${Date.now()}@example.org`;

const created = await createUser({ body: { name: "Ann", email } });
assert.equal(created.response!.status, 201);
const path = { id: created.data!.id };
const etag: string = created.response!.headers.get("ETag")!;

assert.equal((await getUser({ path })).data!.email, email);
assert.equal((await getUser({ path, headers: { "If-None-Match": etag } })).response!.status, 304);
const page = await listUsers({ query: { email, sort: "-createdAt", limit: 1, count: true } });
assert.deepEqual([page.data!.items.length, Number(page.data!.total)], [1, 1]);

assert.equal((await replaceUser({ path, headers: { "If-Match": etag }, body: { name: "Ann Lee", email } })).data!.name, "Ann Lee");
assert.equal((await patchUser({ path, body: { name: "Ann Ortiz" } })).data!.name, "Ann Ortiz");

const invalid = await createUser({ body: { name: "", email: "ann@" } });
const problem = invalid.error as Extract<typeof invalid.error, { errors?: unknown }>;
assert.deepEqual(problem!.errors!.map(error => error.code).sort(), ["email.invalid", "name.empty"]);

const classic = await classicAddNewUser({ body: { name: "Cleo", email: `classic-${email}` } });
const query = { user_id: classic.data!.id };
assert.equal((await classicGetUser({ query })).data!.name, "Cleo");
assert.equal((await classicDeleteUser({ query })).data!.detail, "User deleted");

assert.equal((await deleteUser({ path })).response!.status, 204);
assert.equal((await getUser({ path })).response!.status, 404);
console.log("@hey-api/openapi-ts: ok");

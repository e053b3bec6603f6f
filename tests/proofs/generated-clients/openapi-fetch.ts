// The client of openapi-typescript and openapi-fetch.
import assert from "node:assert";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

const client = createClient<paths>({ baseUrl: process.env.SERVICE! });
const email: string = `fetch-${Date.now()}@example.org`;

const created = await client.POST("/v1/users", { body: { name: "Ann", email } });
assert.equal(created.response.status, 201);
const path = { id: created.data!.id };
const etag: string = created.response.headers.get("ETag")!;

const read = await client.GET("/v1/users/{id}", { params: { path } });
assert.equal(read.data!.email, email);
const known = await client.GET("/v1/users/{id}", { params: { path, header: { "If-None-Match": etag } } });
assert.equal(known.response.status, 304);
const page = await client.GET("/v1/users", { params: { query: { email, sort: "-createdAt", limit: 1, count: true } } });
assert.deepEqual([page.data!.items.length, page.data!.total], [1, 1]);

const replaced = await client.PUT("/v1/users/{id}", { params: { path, header: { "If-Match": etag } }, body: { name: "Ann Lee", email } });
assert.equal(replaced.data!.name, "Ann Lee");
const patched = await client.PATCH("/v1/users/{id}", {
  params: { path }, body: { name: "Ann Ortiz" }, headers: { "Content-Type": "application/merge-patch+json" },
});
assert.equal(patched.data!.name, "Ann Ortiz");

const invalid = await client.POST("/v1/users", { body: { name: "", email: "ann@" } });
const codes: components["schemas"]["ProblemError"]["code"][] = invalid.error!.errors!.map(error => error.code);
assert.deepEqual(codes.sort(), ["email.invalid", "name.empty"]);

const classic = await client.GET("/user", { params: { query: { user_id: path.id } } });
assert.deepEqual(classic.data, { id: path.id, name: "Ann Ortiz", email });
assert.ok((await client.GET("/users")).data!.some(user => user.id === path.id));

assert.equal((await client.DELETE("/v1/users/{id}", { params: { path } })).response.status, 204);
const gone = await client.GET("/v1/users/{id}", { params: { path } });
assert.equal(gone.error!.type, "/problems/user-not-found");
console.log("openapi-typescript: ok");

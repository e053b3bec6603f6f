// Fastify and better-sqlite3 as both teach: schemas for what comes in and goes out, statements prepared once.
// node server.js --file users.db --port 3000 --processes 2
import cluster from 'node:cluster';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import Fastify from 'fastify';

const { values: settings } = parseArgs({
  options: { file: { type: 'string' }, port: { type: 'string' }, processes: { type: 'string', default: '1' } },
});

function open() {
  const db = new Database(settings.file, { timeout: 30_000 }); // busy_timeout in milliseconds
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`
    CREATE TABLE IF NOT EXISTS user (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL);
    CREATE UNIQUE INDEX IF NOT EXISTS ux_user_email ON user (email);`);
  return db;
}

const user = {
  type: 'object',
  properties: { id: { type: 'integer' }, name: { type: 'string' }, email: { type: 'string' } },
};
const error = { type: 'object', properties: { detail: { type: 'string' } } };
const body = {
  type: 'object',
  required: ['name', 'email'],
  properties: { name: { type: 'string' }, email: { type: 'string' } },
};
const params = { type: 'object', properties: { id: { type: 'integer' } } };

async function serve() {
  const db = open();
  const find = db.prepare('SELECT id, name, email FROM user WHERE id = ?');
  const insert = db.prepare('INSERT INTO user (name, email) VALUES (?, ?)');

  const app = Fastify();

  app.get('/users/:id', { schema: { params, response: { 200: user, 404: error } } }, async (request, reply) => {
    const found = find.get(request.params.id);
    return found ?? reply.code(404).send({ detail: 'User not found' });
  });

  app.post('/users', { schema: { body, response: { 201: user } } }, async (request, reply) => {
    const { name, email } = request.body;
    const { lastInsertRowid } = insert.run(name, email);
    reply.code(201);
    return { id: Number(lastInsertRowid), name, email };
  });

  await app.listen({ host: '127.0.0.1', port: Number(settings.port) });
}

const processes = Number(settings.processes);
if (cluster.isPrimary && processes > 1) {
  for (let i = 0; i < processes; i++) cluster.fork();
} else {
  await serve();
}

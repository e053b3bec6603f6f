\set created :created + 1
\set n :created * :clients + :client_id
INSERT INTO users (active, attributes, changed_by, created_at, email, email_key, external_id, name, search_text, updated_at, version)
VALUES (true, '{}', NULL, now(), 'new-' || :seed || '-' || :n || '@bench.example', 'new-' || :seed || '-' || :n || '@bench.example', NULL, 'New User',
  chr(10) || 'new user' || chr(10) || 'new-' || :seed || '-' || :n || '@bench.example' || chr(10) || chr(10), now(), 1) RETURNING id;

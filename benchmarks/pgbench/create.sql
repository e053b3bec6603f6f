\set n random(1, 9000000000000000000)
INSERT INTO users (created_at, email, email_key, name, updated_at, version)
VALUES (now(), 'New-' || :n || '@bench.example', 'new-' || :n || '@bench.example', 'New User', now(), 1) RETURNING id;

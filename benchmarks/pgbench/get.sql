\set id random(1, :users)
SELECT u.id, u.name, u.email, u.created_at, u.updated_at, u.version FROM users AS u WHERE u.id = :id LIMIT 1;

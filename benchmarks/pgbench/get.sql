\set id random(1, :users)
SELECT u.id, u.active, u.attributes, u.changed_by, u.created_at, u.email, u.email_key, u.external_id, u.name, u.search_text, u.updated_at, u.version
FROM users AS u WHERE u.id = :id LIMIT 1;

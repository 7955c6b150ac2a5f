-- Which of their workspaces someone was in last: the one they find when they come back.
alter table members add column active_at timestamptz not null default now();
-- A token may end by itself.
alter table api_tokens add column expires_at timestamptz;
create index idempotency_keys_by_age on idempotency_keys (created_at);
comment on column idempotency_keys.reply is 'Sealed: a reply may show a secret that is shown only once.';

-- Requests and activities act as throughline_app, which row-level security holds to one workspace.
do $$ begin
  if not exists (select from pg_roles where rolname = 'throughline_app') then
    create role throughline_app;
  end if;
end $$;
grant throughline_app to current_user;
grant usage on schema public to throughline_app;
alter default privileges in schema public
  grant select, insert, update, delete on tables to throughline_app;
create extension if not exists pg_trgm;

create function current_workspace() returns uuid language sql stable
  return nullif(current_setting('app.workspace_id', true), '')::uuid;

create table workspaces (
  id             uuid primary key default uuidv7(),
  name           text not null,
  time_zone      text not null default 'UTC',
  currency       text not null default 'USD',
  default_region text not null default 'US',
  settings       jsonb not null default '{}',
  demo           boolean not null default false,
  created_at     timestamptz not null default now()
);
comment on column workspaces.default_region is 'ISO 3166 country that a phone number without a prefix belongs to.';
alter table workspaces enable row level security;
create policy own on workspaces using (id = current_workspace());

-- Who belongs where. The user's own record is the sign-in's; its id is text.
create table members (
  workspace_id uuid not null references workspaces on delete cascade,
  user_id      text not null,
  name         text not null,
  email        text not null,
  role         text not null check (role in ('owner', 'admin', 'manager', 'rep', 'viewer')),
  capacity     int not null default 60 check (capacity >= 0),
  away_until   timestamptz,
  skills       jsonb not null default '[]',
  joined_at    timestamptz not null default now(),
  last_assigned_at timestamptz,
  primary key (workspace_id, user_id)
);
comment on column members.capacity is 'How many open leads this person can hold.';
create index members_by_user on members (user_id);
alter table members enable row level security;
create policy own on members using (workspace_id = current_workspace());

create table invitations (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  email        text not null,
  role         text not null check (role in ('admin', 'manager', 'rep', 'viewer')),
  token_hash   text not null unique,
  invited_by   text not null,
  expires_at   timestamptz not null,
  accepted_at  timestamptz,
  revoked_at   timestamptz,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
alter table invitations enable row level security;
create policy own on invitations using (workspace_id = current_workspace());

create table api_tokens (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  name         text not null,
  scopes       jsonb not null,
  hint         text not null,
  token_hash   text not null unique,
  created_by   text not null,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at   timestamptz,
  primary key (workspace_id, id)
);
comment on column api_tokens.hint is 'The last four characters, so that a person can tell tokens apart.';
alter table api_tokens enable row level security;
create policy own on api_tokens using (workspace_id = current_workspace());

-- What was answered to a call that carried an Idempotency-Key, for 24 hours.
create table idempotency_keys (
  workspace_id uuid not null references workspaces on delete cascade,
  key          text not null,
  route        text not null,
  body_hash    text not null,
  status       int not null,
  reply        text not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, route, key)
);
alter table idempotency_keys enable row level security;
create policy own on idempotency_keys using (workspace_id = current_workspace());

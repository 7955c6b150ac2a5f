-- Words that several steps share. Publishing copies them into the version, so that no edit changes what people walk.
create table templates (
  workspace_id uuid not null references workspaces on delete cascade,
  name         text not null,
  channel      text not null check (channel in ('email', 'sms')),
  subject      text,
  body         text not null,
  updated_by   text not null,
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, name)
);
alter table templates enable row level security;
create policy own on templates using (workspace_id = current_workspace());

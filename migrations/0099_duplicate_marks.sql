-- Up to which record all were compared with the others as they came.
create table duplicate_marks (
  workspace_id uuid not null references workspaces on delete cascade,
  record       text not null check (record in ('contact', 'company')),
  compared_id  uuid not null,
  primary key (workspace_id, record)
);
alter table duplicate_marks enable row level security;
create policy own on duplicate_marks using (workspace_id = current_workspace());

-- What a person has put off or ticked in Today that is no task of its own: a blocked walk, a doubtful send, a lead.
create table today_marks (
  workspace_id  uuid not null references workspaces on delete cascade,
  user_id       text not null,
  item          text not null,
  snoozed_until timestamptz,
  done_at       timestamptz,
  primary key (workspace_id, user_id, item)
);
comment on column today_marks.item is 'enrolment:, touch: or lead: and its id.';
alter table today_marks enable row level security;
create policy own on today_marks using (workspace_id = current_workspace());

create index leads_unowned on leads (workspace_id, id) where owner_id is null and is_open;
create index leads_with_problem on leads (workspace_id, id) where intake_problem is not null;
create index tasks_done on tasks (workspace_id, done_by, done_at) where done_at is not null;

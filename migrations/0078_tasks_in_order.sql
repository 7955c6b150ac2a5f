-- What is due first, and what is done after it: the order of every list of tasks.
create index tasks_in_order on tasks (
  workspace_id, ((done_at is not null or cancelled_at is not null)), (coalesce(due_at, 'infinity'::timestamptz)), id);

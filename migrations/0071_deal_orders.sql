-- Lists of all deals, closed ones too, by when they are to close and by how long they are quiet.
create index deals_by_close on deals (workspace_id, expected_close_on, id) where deleted_at is null;
create index deals_by_quiet on deals (workspace_id, last_activity_at, id) where deleted_at is null;

-- Planned for each pattern anew: a plan for any pattern would read all deals.
create or replace function deals_like(pattern text, most int, before uuid) returns setof uuid
  language plpgsql stable security definer set search_path = public as $$
begin
  return query execute format(
    'select id from deals where workspace_id = %L and deleted_at is null and search like %L',
    current_workspace(), pattern)
    || case when before is null then '' else format(' and id < %L', before) end
    || format(' order by id desc limit %s', most);
end $$;

-- Any mix of filters is answered from one index, newest first; the page's own rows are fetched after.
create index leads_newest on leads (workspace_id, id)
  include (status, source, owner_id, score, next_action_at, updated_at, is_open);

-- Row-level security keeps a trigram index from being used, so the search filters on the workspace itself.
-- Planned anew for each pattern: a rare one wants the trigram index, a common one the newest leads.
create function leads_found(
  pattern text, most int, before uuid,
  in_status text default null, in_source text default null, of_owner text default null, with_tag text default null)
  returns setof uuid language plpgsql stable security definer set search_path = public as $$
begin
  return query execute format(
    'select id from leads l where workspace_id = %L and search like %L', current_workspace(), pattern)
    || case when before is null then '' else format(' and id < %L', before) end
    || case when in_status is null then '' else format(' and status = %L', in_status) end
    || case when in_source is null then '' else format(' and source = %L', in_source) end
    || case when of_owner is null then '' when of_owner = '' then ' and owner_id is null'
       else format(' and owner_id = %L', of_owner) end
    || case when with_tag is null then '' else format(
         ' and exists (select from lead_tags t where t.workspace_id = l.workspace_id and t.lead_id = l.id
           and t.slug = %L and t.removed_at is null)', with_tag) end
    || format(' order by id desc limit %s', most);
end $$;

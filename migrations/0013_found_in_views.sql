create index leads_by_due on leads (workspace_id, next_action_at, id);

drop function leads_found;

-- Row-level security keeps a trigram index from being used, so the search filters on the workspace itself.
-- Planned anew for each pattern: a rare one wants the trigram index, a common one the newest leads.
create function leads_found(
  pattern text, most int, before uuid,
  in_status text, in_source text, of_owner text, with_tag text, narrowed text[])
  returns setof uuid language plpgsql stable security definer set search_path = public as $$
begin
  return query execute format(
    'select id from leads l where workspace_id = %L and search like %L', current_workspace(), pattern)
    || case when before is null then '' else format(' and id < %L', before) end
    || case when in_status is null then '' else format(' and status = %L', in_status) end
    || case when in_source is null then '' else format(' and source = %L', in_source) end
    || case when of_owner is null then '' when of_owner = 'none' then ' and owner_id is null'
       else format(' and owner_id = %L', of_owner) end
    || case when with_tag is null then '' else format(
         ' and exists (select from lead_tags t where t.workspace_id = l.workspace_id and t.lead_id = l.id
           and t.slug = %L and t.removed_at is null)', with_tag) end
    || case when 'no-spam' = any(narrowed) then ' and status <> ''spam''' else '' end
    || case when 'open' = any(narrowed) then ' and is_open' else '' end
    || case when 'new' = any(narrowed) then ' and status = ''new''' else '' end
    || case when 'stale' = any(narrowed) then
         ' and is_open and (next_action_at < now() or updated_at <= now() - interval ''7 days'')' else '' end
    || case when 'needs-action' = any(narrowed) then
         ' and is_open and (next_action_at is null or next_action_at < now() + interval ''1 day'')' else '' end
    || format(' order by id desc limit %s', most);
end $$;

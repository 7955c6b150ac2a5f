-- A lead from a file comes quietly: it walks into no sequence by itself.
alter table leads add column may_enter boolean not null default true;
comment on column leads.may_enter is 'Whether its arrival may let it into sequences; a file''s leads may only when that was ticked.';

-- How much room a member has: open leads by owner.
create index leads_open_by_owner on leads (workspace_id, owner_id) where is_open;

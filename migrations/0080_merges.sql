-- What was merged lately, and what a record was merged from.
create index merges_of_kept on merges (workspace_id, record, kept_id, id);
create index contacts_merged on contacts (workspace_id, merged_into) where merged_into is not null;
create index companies_merged on companies (workspace_id, merged_into) where merged_into is not null;
comment on column merges.moved is '{table: [{id, before, after}]} of every row that changed, and what was added.';

-- Who comes under what a merged person was known by is the one they were merged into.
create index contacts_merged_by_email on contacts (workspace_id, email_normalized)
  where merged_into is not null and email_normalized is not null;
create index contacts_merged_by_phone on contacts (workspace_id, phone_e164)
  where merged_into is not null and phone_e164 is not null;

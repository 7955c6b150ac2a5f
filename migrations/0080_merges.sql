-- What was merged lately, and what a record was merged from.
create index merges_of_kept on merges (workspace_id, record, kept_id, id);
create index contacts_merged on contacts (workspace_id, merged_into) where merged_into is not null;
create index companies_merged on companies (workspace_id, merged_into) where merged_into is not null;
comment on column merges.moved is '{table: [{id, before, after}]} of every row that changed, and what was added.';

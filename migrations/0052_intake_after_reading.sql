-- Leads of a file go through intake when it has been read: both at once would slow each other down.
alter table import_rows add column is_due boolean not null default false;
comment on column import_rows.is_due is 'The lead has to go through intake when the file has been read.';
alter table imports add column read_at timestamptz;
comment on column imports.read_at is 'When reading ended and the intake of its leads was promised.';

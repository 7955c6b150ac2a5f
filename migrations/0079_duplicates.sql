-- What likely duplicates have in common, so that one person is compared with a few and not with all.
create extension if not exists fuzzystrmatch;
alter table contacts
  -- A name without two words of letters sounds like too many others.
  add column sound   text generated always as (case
    when soundex(split_part(name_normalized, ' ', 1)) <> '' and soundex(split_part(name_normalized, ' ', -1)) <> ''
      and position(' ' in name_normalized) > 0 then
      least(soundex(split_part(name_normalized, ' ', 1)), soundex(split_part(name_normalized, ' ', -1)))
      || greatest(soundex(split_part(name_normalized, ' ', 1)), soundex(split_part(name_normalized, ' ', -1))) end) stored,
  add column mailbox text generated always as (case when email_kind is distinct from 'role' then
    nullif(replace(split_part(split_part(email_normalized, '@', 1), '+', 1), '.', ''), '') end) stored;
comment on column contacts.sound is 'What first and last name sound like, in one order.';
comment on column contacts.mailbox is 'What stands before the @, as one box is written in several ways; nothing for info@.';
create index contacts_of_sound on contacts (workspace_id, sound, id)
  where sound is not null and merged_into is null and deleted_at is null;
create index contacts_of_mailbox on contacts (workspace_id, mailbox, id)
  where mailbox is not null and merged_into is null and deleted_at is null;

alter table companies
  add column opening text generated always as (nullif(left(replace(name_normalized, ' ', ''), 6), '')) stored;
comment on column companies.opening is 'How its name begins, without spaces and legal form.';
create index companies_of_opening on companies (workspace_id, opening, id)
  where opening is not null and merged_into is null and deleted_at is null;
create index companies_of_phone on companies (workspace_id, phone_e164, id)
  where phone_e164 is not null and merged_into is null and deleted_at is null;
create unique index duplicate_scans_running on duplicate_scans (workspace_id, record) where status = 'running';
create index duplicates_of_second on duplicates (workspace_id, record, second_id);

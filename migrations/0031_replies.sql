-- An out-of-office that names a day keeps what follows until then.
alter table contacts add column away_until date;
comment on column contacts.away_until is 'The day an out-of-office says they return.';

-- An answer from a number that is written differently finds its person by the last digits.
create index contacts_by_last_digits on contacts (workspace_id, right(phone_e164, 7)) where phone_e164 is not null;

-- A sequence is a named plan; what people walk is one of its versions, which never changes.
create table sequences (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  name         text not null,
  class        text not null default 'custom',
  draft        jsonb not null,
  draft_rev    int not null default 1,
  live_version int,
  live_id      uuid,
  entry        jsonb,
  paused_at    timestamptz,
  archived_at  timestamptz,
  created_by   text not null,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
comment on column sequences.entry is 'The live version''s entry, so that a trigger finds its sequences.';
alter table sequences enable row level security;
create policy own on sequences using (workspace_id = current_workspace());

create table sequence_versions (
  workspace_id uuid not null,
  id           uuid not null default uuidv7(),
  sequence_id  uuid not null,
  number       int not null,
  definition   jsonb not null,
  published_by text not null,
  published_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, sequence_id, number),
  foreign key (workspace_id, sequence_id) references sequences on delete cascade
);
alter table sequence_versions enable row level security;
create policy own on sequence_versions using (workspace_id = current_workspace());

create table enrolments (
  workspace_id uuid not null,
  id           uuid not null default uuidv7(),
  sequence_id  uuid not null,
  version_id   uuid not null,
  version      int not null,
  lead_id      uuid not null,
  contact_id   uuid not null,
  status       text not null default 'active'
    check (status in ('active', 'paused', 'blocked', 'completed', 'stopped')),
  reason       text,
  because      text,
  trigger      text,
  entered_by   text not null,
  step_id      text,
  visit        int not null default 0,
  next_at      timestamptz,
  next_because text,
  enrolled_at  timestamptz not null default now(),
  started_at   timestamptz,
  walked_at    timestamptz,
  paused_at    timestamptz,
  ended_at     timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, sequence_id) references sequences on delete cascade,
  foreign key (workspace_id, version_id) references sequence_versions,
  foreign key (workspace_id, lead_id) references leads on delete cascade,
  foreign key (workspace_id, contact_id) references contacts
);
comment on column enrolments.trigger is 'What let them in, e.g. tag:no-answer:2; a replayed trigger does nothing.';
comment on column enrolments.started_at is 'When the relay started its workflow.';
comment on column enrolments.walked_at is 'When its first step was committed: no longer in flight.';
create unique index enrolments_once on enrolments (workspace_id, sequence_id, lead_id)
  where status in ('active', 'paused', 'blocked');
create unique index enrolments_by_trigger on enrolments (workspace_id, sequence_id, lead_id, trigger)
  where trigger is not null;
create index enrolments_of_lead on enrolments (workspace_id, lead_id, id);
create index enrolments_of_contact on enrolments (workspace_id, contact_id) where status in ('active', 'paused', 'blocked');
create index enrolments_by_status on enrolments (workspace_id, sequence_id, status, id);
create index enrolments_in_flight on enrolments (started_at) where started_at is not null and walked_at is null;
create index enrolments_due on enrolments (workspace_id, next_at) where status = 'active';
alter table enrolments enable row level security;
create policy own on enrolments using (workspace_id = current_workspace());

-- The ledger: one row for every attempt to reach a person, from the moment the walk reaches its step.
create table touches (
  workspace_id uuid not null,
  id           uuid not null default uuidv7(),
  enrolment_id uuid,
  sequence_id  uuid,
  version      int,
  lead_id      uuid not null,
  contact_id   uuid not null,
  step_id      text,
  visit        int not null default 0,
  attempt      int not null default 1,
  channel      text not null,
  state        text not null default 'planned'
    check (state in ('planned', 'held', 'claimed', 'accepted', 'delivered', 'bounced', 'skipped', 'failed', 'unknown')),
  reason       text,
  because      text,
  key          text not null,
  due_at       timestamptz not null,
  until_at     timestamptz,
  claimed_at   timestamptz,
  accepted_at  timestamptz,
  settled_at   timestamptz,
  provider     text,
  provider_id  text,
  sender       text,
  recipient    text,
  subject      text,
  body         text,
  html         text,
  headers      jsonb not null default '{}',
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, enrolment_id) references enrolments on delete cascade,
  foreign key (workspace_id, lead_id) references leads on delete cascade,
  foreign key (workspace_id, contact_id) references contacts
);
comment on column touches.key is 'What the provider is given so that it does it once. A person''s own retry is a new key.';
comment on column touches.until_at is 'For held: when it may go.';
create unique index touches_once on touches (workspace_id, enrolment_id, step_id, visit) where enrolment_id is not null;
create unique index touches_by_key on touches (workspace_id, key);
create unique index touches_by_provider on touches (workspace_id, provider, provider_id) where provider_id is not null;
create index touches_by_state on touches (workspace_id, state, id);
create index touches_of_lead on touches (workspace_id, lead_id, id);
create index touches_of_sequence on touches (workspace_id, sequence_id, state, id);
create index touches_of_contact on touches (workspace_id, contact_id, accepted_at);
alter table touches enable row level security;
create policy own on touches using (workspace_id = current_workspace());

-- Every choice the engine made, with the rule, what it saw and the version it followed.
create table decisions (
  workspace_id uuid not null,
  id           uuid not null default uuidv7(),
  enrolment_id uuid,
  lead_id      uuid not null,
  touch_id     uuid,
  step_id      text,
  visit        int,
  outcome      text not null,
  rule         text not null,
  because      text not null,
  inputs       jsonb not null default '{}',
  version      int,
  key          text not null,
  at           timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, enrolment_id) references enrolments on delete cascade,
  foreign key (workspace_id, lead_id) references leads on delete cascade
);
comment on column decisions.key is 'A retried choice is one row.';
create unique index decisions_once on decisions (workspace_id, enrolment_id, key);
create index decisions_of_lead on decisions (workspace_id, lead_id, id);
create index decisions_of_touch on decisions (workspace_id, touch_id) where touch_id is not null;
alter table decisions enable row level security;
create policy own on decisions using (workspace_id = current_workspace());

-- What was said to us and by people here; what sequences say stands in touches.
create table messages (
  workspace_id  uuid not null references workspaces on delete cascade,
  id            uuid not null default uuidv7(),
  direction     text not null check (direction in ('in', 'out')),
  channel       text not null,
  kind          text not null default 'reply',
  lead_id       uuid,
  contact_id    uuid,
  enrolment_id  uuid,
  touch_id      uuid,
  sender        text,
  recipient     text,
  subject       text,
  body          text not null,
  full_text     text,
  html          text,
  provider      text not null,
  provider_id   text not null,
  message_id    text,
  in_reply_to   text,
  matched_by    text,
  confidence    real,
  at            timestamptz not null default now(),
  received_at   timestamptz not null default now(),
  read_at       timestamptz,
  primary key (workspace_id, id)
);
comment on column messages.kind is 'reply, auto-reply, bounce, complaint, other.';
comment on column messages.matched_by is 'references, plus-address, sender, phone; nothing while nobody fits.';
create unique index messages_once on messages (workspace_id, provider, direction, provider_id);
create index messages_of_lead on messages (workspace_id, lead_id, at, id);
alter table messages enable row level security;
create policy own on messages using (workspace_id = current_workspace());

-- Addresses that are not written to any more, and why.
create table suppressions (
  workspace_id uuid not null references workspaces on delete cascade,
  channel      text not null check (channel in ('email', 'sms', 'all')),
  address      text not null,
  reason       text not null,
  source       text not null,
  at           timestamptz not null default now(),
  lifted_at    timestamptz,
  primary key (workspace_id, channel, address)
);
alter table suppressions enable row level security;
create policy own on suppressions using (workspace_id = current_workspace());

create table consents (
  workspace_id uuid not null,
  id           uuid not null default uuidv7(),
  contact_id   uuid not null,
  channel      text not null,
  state        text not null check (state in ('given', 'withdrawn')),
  source       text not null,
  at           timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts on delete cascade
);
create index consents_of_contact on consents (workspace_id, contact_id, id);
alter table consents enable row level security;
create policy own on consents using (workspace_id = current_workspace());

-- From which address or number messages leave, and through what.
create table senders (
  workspace_id  uuid not null references workspaces on delete cascade,
  id            uuid not null default uuidv7(),
  channel       text not null check (channel in ('email', 'sms')),
  address       text not null,
  name          text,
  user_id       text,
  provider      text not null default 'sandbox',
  connection_id uuid,
  signature     text,
  active        boolean not null default true,
  created_at    timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index senders_by_address on senders (workspace_id, channel, address);
alter table senders enable row level security;
create policy own on senders using (workspace_id = current_workspace());

-- The mailbox and the phone inside the product: a provider that keeps what it was given.
create table sandbox_messages (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  key          text not null,
  channel      text not null,
  recipient    text not null,
  sender       text not null,
  subject      text,
  body         text not null,
  html         text,
  headers      jsonb not null default '{}',
  enrolment_id uuid,
  touch_id     uuid,
  times        int not null default 1,
  at           timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, key)
);
comment on column sandbox_messages.times is 'How often it was handed in under this key: kept once all the same.';
create index sandbox_messages_by_recipient on sandbox_messages (workspace_id, recipient, id);
alter table sandbox_messages enable row level security;
create policy own on sandbox_messages using (workspace_id = current_workspace());

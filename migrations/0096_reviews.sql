-- A look at deals that comes back by itself: when, at what, by which rules, and who is told.
create table reviews (
  workspace_id    uuid not null references workspaces on delete cascade,
  id              uuid not null default uuidv7(),
  name            text not null,
  cron            text not null,
  time_zone       text not null,
  source          jsonb not null,
  rule_ids        text[],
  delivery        jsonb not null default '{}',
  slack_url       text,
  template_id     uuid,
  overlap         text not null default 'SKIP' check (overlap in ('SKIP', 'BUFFER_ONE', 'ALLOW_ALL')),
  catch_up        int not null default 1440 check (catch_up between 1 and 10080),
  enabled         boolean not null default true,
  scheduled_since timestamptz not null default now(),
  file            jsonb,
  created_by      text not null,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (workspace_id, id)
);
comment on column reviews.slack_url is 'Sealed: whoever has it can write into the channel.';
comment on column reviews.catch_up is 'How old a slot may be, in minutes, that was missed while the service was away.';
comment on column reviews.scheduled_since is 'Slots before it were of another plan, or paused: they are not missed.';
comment on column reviews.file is 'The newest file that was dropped for it: {blob, fileName, bytes, at}.';
alter table reviews enable row level security;
create policy own on reviews using (workspace_id = current_workspace());

-- One execution: at most one per slot; the primary claim of a slot is its row.
create table review_runs (
  workspace_id   uuid not null,
  id             uuid not null default uuidv7(),
  review_id      uuid not null,
  slot           timestamptz not null,
  asked_by       text,
  run_id         text,
  status         text not null default 'running'
    check (status in ('waiting', 'running', 'done', 'failed', 'missed')),
  caught_up      boolean not null default false,
  missed_because text,
  analysis_id    uuid,
  health         int,
  change         int,
  counts         jsonb,
  problem        text,
  started_at     timestamptz,
  finished_at    timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, review_id) references reviews on delete cascade
);
comment on column review_runs.asked_by is 'Who asked for it; nothing when the clock did.';
comment on column review_runs.run_id is 'Of the workflow that took the slot: a try of the same run goes on, another finds it taken.';
create unique index review_runs_slot on review_runs (workspace_id, review_id, slot);
alter table review_runs enable row level security;
create policy own on review_runs using (workspace_id = current_workspace());

-- What one recipient of a run is told: claimed before it is sent, so that it goes out at most once.
create table review_deliveries (
  workspace_id uuid not null,
  id           uuid not null default uuidv7(),
  review_id    uuid not null,
  run_id       uuid not null,
  slot         timestamptz not null,
  purpose      text not null default 'report' check (purpose in ('report', 'alert')),
  channel      text not null check (channel in ('email', 'slack', 'app')),
  recipient    text not null,
  user_id      text,
  whole        boolean not null default true,
  state        text not null default 'waiting'
    check (state in ('waiting', 'claimed', 'sent', 'skipped', 'refused', 'failed', 'unknown')),
  because      text,
  provider_id  text,
  attempts     int not null default 0,
  -- A person may send a doubtful one again: then it goes out under a key of its own.
  round        int not null default 1,
  letter       jsonb,
  claimed_at   timestamptz,
  ended_at     timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, review_id) references reviews on delete cascade,
  foreign key (workspace_id, run_id) references review_runs on delete cascade
);
comment on column review_deliveries.whole is 'False when an owner gets only their own deals.';
comment on column review_deliveries.letter is 'What was said, kept when it is claimed, so that a second try says the same.';
create unique index review_deliveries_once on review_deliveries (workspace_id, review_id, slot, purpose, channel, recipient);
create index review_deliveries_of_run on review_deliveries (workspace_id, run_id, id);
alter table review_deliveries enable row level security;
create policy own on review_deliveries using (workspace_id = current_workspace());

-- What was given up: somebody is told, and it waits until a person tries again or lets it be.
create table review_failures (
  workspace_id uuid not null,
  id           uuid not null default uuidv7(),
  review_id    uuid not null,
  run_id       uuid not null,
  delivery_id  uuid,
  problem      text not null,
  at           timestamptz not null default now(),
  state        text not null default 'open' check (state in ('open', 'retrying', 'solved', 'dismissed')),
  tries        int not null default 0,
  decided_by   text,
  decided_at   timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, review_id) references reviews on delete cascade,
  foreign key (workspace_id, run_id) references review_runs on delete cascade,
  foreign key (workspace_id, delivery_id) references review_deliveries on delete cascade
);
create unique index review_failures_of on review_failures (workspace_id, run_id, delivery_id) nulls not distinct
  where state in ('open', 'retrying');
alter table review_failures enable row level security;
create policy own on review_failures using (workspace_id = current_workspace());

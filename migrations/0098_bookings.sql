-- A meeting that somebody booked. Moved or cancelled it stays one row, under every name its calendar gave it.
create table bookings (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  source       text not null,
  uids         text[] not null,
  lead_id      uuid not null,
  task_id      uuid,
  title        text not null,
  starts_at    timestamptz not null,
  ends_at      timestamptz not null,
  location     text,
  organizer    text,
  status       text not null default 'booked' check (status in ('booked', 'cancelled')),
  reason       text,
  times_moved  int not null default 0,
  told_at      timestamptz not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, lead_id) references leads on delete cascade
);
comment on column bookings.told_at is 'When the calendar said what stands here; what it said before comes too late.';
create index bookings_by_uid on bookings using gin (uids);
create index bookings_of_lead on bookings (workspace_id, lead_id, starts_at desc);
alter table bookings enable row level security;
create policy own on bookings using (workspace_id = current_workspace());

-- A slot belongs to the run that took it first: that run may be tried again, another finds it taken.
alter table schedule_runs add column run_id text;

-- What came of a digest: nothing yet says that it was claimed and its end is not known.
alter table digests
  add column outcome text check (outcome in ('sent', 'nothing', 'refused', 'unknown')),
  add column because text;

-- Whether a member wants a digest, and whose morning it is; nothing means the workspace's.
alter table members
  add column digest    boolean not null default true,
  add column digest_zone text;

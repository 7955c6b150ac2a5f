-- A connection that was removed keeps its deliveries: what was received stays accounted for.
alter table connections add column removed_at timestamptz;
create index deliveries_of_connection on deliveries (workspace_id, connection_id, id);

-- Imports of one workspace take turns; one that stands still does not hold up the next.
alter table imports add column moved_at timestamptz;
create index imports_running on imports (workspace_id, started_at) where status = 'running';

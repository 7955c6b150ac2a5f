-- Only promises to one workflow are looked for by it; the crowds that come by webhook need not pay for that.
drop index outbox_by_workflow;
create index outbox_by_workflow on outbox (workflow_id, id) where workflow_id is not null;

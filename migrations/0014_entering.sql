-- What a lead has been through in one sequence: asked for every lead of a crowd, before the planner knows the table.
create index enrolments_of_lead_in on enrolments (workspace_id, lead_id, sequence_id);
drop index enrolments_of_lead;

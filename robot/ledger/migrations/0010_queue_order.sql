-- In the order in which jobs are claimed, so that a claim among many costs what one among few does. The other index
-- begins alike; a database that has no statistics yet, as after a large import, took it, and sorted.
DROP INDEX jobs_in_order;
DROP INDEX jobs_by_state;
CREATE INDEX jobs_in_order ON jobs (dashboard, state, priority, (COALESCE(due_on, '9999')), added_at, id);
-- Whether a customer was asked for before is looked up by name, too.
CREATE INDEX jobs_by_company ON jobs (dashboard, company);

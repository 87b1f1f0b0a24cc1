-- 1 for a task that ended before what it had pressed for did: it is looked at again later.
ALTER TABLE tasks ADD COLUMN goes_on INTEGER NOT NULL DEFAULT 0;

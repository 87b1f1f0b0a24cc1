-- How often a turn was begun: more than once where its worker has ended.
ALTER TABLE turns ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;

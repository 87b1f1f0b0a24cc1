-- Where beyond the machine that made it a run's evidence is stored; empty until it is.
ALTER TABLE runs ADD COLUMN stored TEXT NOT NULL DEFAULT '';

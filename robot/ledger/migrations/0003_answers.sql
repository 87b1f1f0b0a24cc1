-- What a person answered when an act was shown to them before its press: by run and object, the newest counts.
CREATE TABLE answers (
    number {serial},
    run_id TEXT NOT NULL,
    case_id TEXT,
    object TEXT NOT NULL,
    location_id TEXT NOT NULL,
    sentence TEXT NOT NULL,
    answer TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at TEXT NOT NULL
);
CREATE INDEX answers_of_run ON answers (run_id, object);

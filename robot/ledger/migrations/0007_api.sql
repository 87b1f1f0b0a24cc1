-- Who may ask over the network, for what. The token itself is shown once and kept nowhere.
CREATE TABLE api_tokens (
    name TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    revoked_at TEXT
);

-- Whom a run was for, as it was asked for: location id, or name.
ALTER TABLE runs ADD COLUMN customer TEXT NOT NULL DEFAULT '';

-- What was answered to a request that names itself, so that asking again gives the same answer.
CREATE TABLE api_answers (
    token TEXT NOT NULL,
    request TEXT NOT NULL,
    body_digest TEXT NOT NULL,
    status INTEGER NOT NULL,
    answer TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (token, request)
);

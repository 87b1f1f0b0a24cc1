-- Which ledger this is: its stamp, a file beside it, says the same. One row.
CREATE TABLE ledger_identity (
    id TEXT PRIMARY KEY,
    made_at TEXT NOT NULL
);

-- Set in a file whose ledger was moved to a shared database: it is opened no more.
CREATE TABLE moves (
    number {serial},
    moved_to TEXT NOT NULL,
    at TEXT NOT NULL
);

-- Decisions, the cards they sent, and the feedback about them. Nothing here names a patient; a feedback's comment is
-- free text of a clinician and may.

CREATE TABLE decision (
  seq          INTEGER PRIMARY KEY,  -- order of commit
  id           BLOB NOT NULL UNIQUE, -- UUID, 16 bytes; live ones are ordered by time (version 7)
  time_ms      INTEGER NOT NULL,     -- since 1970-01-01T00:00:00Z
  client       TEXT NOT NULL,
  service      TEXT NOT NULL,
  hook         TEXT NOT NULL,
  hook_instance TEXT NOT NULL,
  pack         TEXT NOT NULL,
  pack_version TEXT NOT NULL,
  -- [[rule, row, draft, status, reason], ...]. One column instead of a row per rule: three rules per decision as rows cost
  -- the writer 35 us of CPU against 19; decision_rule below reads them as rows.
  rules        TEXT NOT NULL,
  keys         TEXT NOT NULL,        -- {prefetch key: state, ...}
  warnings     TEXT NOT NULL,        -- [code, ...]
  dropped_other_patient INTEGER NOT NULL
) STRICT;

CREATE VIEW decision_rule AS
  SELECT d.seq AS decision, r.key AS position, r.value ->> 0 AS rule, r.value ->> 1 AS row, r.value ->> 2 AS draft,
         r.value ->> 3 AS status, r.value ->> 4 AS reason
  FROM decision AS d, json_each(d.rules) AS r;

CREATE TABLE card (
  uuid        BLOB PRIMARY KEY,      -- 16 bytes
  decision    INTEGER NOT NULL REFERENCES decision (seq),
  rule        TEXT NOT NULL,
  row         TEXT NOT NULL,
  indicator   TEXT NOT NULL,
  suggestions TEXT NOT NULL          -- [uuid, ...]
) STRICT, WITHOUT ROWID;

-- Tied to rule and row through card; a card that no decision holds is kept and counted as unknown.
CREATE TABLE feedback (
  seq             INTEGER PRIMARY KEY,
  service         TEXT NOT NULL,
  card            TEXT NOT NULL,     -- as reported, lower case; a UUID when it is one of ours
  card_uuid       BLOB,              -- its 16 bytes when it is a UUID
  outcome         TEXT NOT NULL CHECK (outcome IN ('accepted', 'overridden')),
  outcome_time_ms INTEGER NOT NULL,  -- the client's clock
  received_ms     INTEGER NOT NULL,  -- ours
  client          TEXT NOT NULL,
  reason_code     TEXT NOT NULL,
  reason_system   TEXT NOT NULL,
  user_comment    TEXT NOT NULL,
  suggestions     TEXT NOT NULL,     -- accepted ones: [uuid, ...]
  UNIQUE (service, card, outcome, outcome_time_ms)
) STRICT;

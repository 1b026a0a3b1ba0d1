-- Which version of the rules decided, and who put it there.

ALTER TABLE decision ADD COLUMN pack_hash TEXT NOT NULL DEFAULT '';  -- SHA-256, hex; empty before this step

CREATE TABLE activation (
  seq         INTEGER PRIMARY KEY,
  time_ms     INTEGER NOT NULL,      -- since 1970-01-01T00:00:00Z
  action      TEXT NOT NULL CHECK (action IN ('start', 'signal', 'watch', 'reload', 'rollback')),
  who         TEXT NOT NULL,         -- name of the token; otherwise the action
  why         TEXT NOT NULL,
  before_hash TEXT NOT NULL,         -- what was served until then; empty at the start
  after_hash  TEXT NOT NULL,         -- what is served from then on; as before when refused
  wanted_hash TEXT NOT NULL,         -- what was to be served
  result      TEXT NOT NULL CHECK (result IN ('activated', 'unchanged', 'refused', 'last_good')),
  detail      TEXT NOT NULL          -- of refused: the number of mistakes and the first one's place
) STRICT;

CREATE TRIGGER activation_is_kept BEFORE DELETE ON activation BEGIN
  SELECT raise(ABORT, 'activations are kept');
END;
CREATE TRIGGER activation_stays BEFORE UPDATE ON activation BEGIN
  SELECT raise(ABORT, 'activations stay as they are');
END;

-- Whether a call's media passed the node (anchored) or went from peer to peer (direct); empty where there was none.
ALTER TABLE calltracker.call_records ADD COLUMN IF NOT EXISTS media_mode LowCardinality(String) AFTER recording;

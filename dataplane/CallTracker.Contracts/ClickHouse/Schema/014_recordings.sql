-- What of a call was to be recorded: a fact of the call.
ALTER TABLE calltracker.call_records ADD COLUMN IF NOT EXISTS recording
    Enum8('off' = 0, 'caller' = 1, 'callee' = 2, 'both' = 3, 'failed' = 4) AFTER media_fault;
-- What the recording came to, known some time after the call: closed by a node, or deleted by the control plane. The
-- key is that of the facts, so that a condition on these reads the same range of both.
CREATE TABLE IF NOT EXISTS calltracker.recordings
(
    operator_id LowCardinality(String),
    client_id String,
    din_tms DateTime64(3, 'Asia/Tokyo') CODEC(Delta, ZSTD(1)),
    trn_id FixedString(24),
    node_id LowCardinality(String),
    start_tms DateTime64(3, 'Asia/Tokyo') CODEC(Delta, ZSTD(1)),
    sides Enum8('off' = 0, 'caller' = 1, 'callee' = 2, 'both' = 3, 'failed' = 4),
    state Enum8('none' = 0, 'complete' = 1, 'interrupted' = 2, 'partial' = 3, 'failed' = 4, 'deleted' = 5),
    faults Array(LowCardinality(String)),
    duration_ms UInt32,
    caller_lost_ms UInt32,
    callee_lost_ms UInt32,
    missing_ms UInt32,
    consent_ms UInt32,
    sha256 String,
    bytes UInt64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(din_tms)
ORDER BY (operator_id, client_id, din_tms, trn_id)
SETTINGS non_replicated_deduplication_window = 1000;
ALTER TABLE calltracker.recordings ADD COLUMN IF NOT EXISTS paused_ms UInt32 AFTER consent_ms;
ALTER TABLE calltracker.recordings ADD COLUMN IF NOT EXISTS keep_days UInt16 AFTER paused_ms;

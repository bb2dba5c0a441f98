-- Calls in the order in which they arrived here: what the judge reads to find the new ones, without touching history.
CREATE TABLE IF NOT EXISTS calltracker.judge_arrivals
(
    ingested_at DateTime64(3, 'UTC'),
    trn_id FixedString(24),
    operator_id LowCardinality(String),
    client_id String,
    din_id String,
    dialin_id String,
    caller_key UInt64,
    din_tms DateTime64(3, 'Asia/Tokyo'),
    is_answered UInt8,
    talking_sec UInt32
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(ingested_at)
ORDER BY (ingested_at, trn_id)
TTL toDateTime(ingested_at) + INTERVAL 35 DAY DELETE
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS calltracker.judge_arrivals_mv TO calltracker.judge_arrivals AS
SELECT ingested_at, trn_id, operator_id, client_id, din_id, dialin_id, caller_key, din_tms,
    tst_tms IS NOT NULL AS is_answered, talking_sec
FROM calltracker.call_records;

-- The judgement ledger: one row for each finished call and for each change of a verdict, never altered. Positions are
-- given by the one judge that is at work and count on without end, so that a reader resumes after any of them.
-- The signed columns sum up to the present state; rollups are built from them.
CREATE TABLE IF NOT EXISTS calltracker.judge_ledger
(
    position UInt64,
    judged_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    event Enum8('call' = 1, 'verdict' = 2, 'rule' = 3),
    operator_id LowCardinality(String),
    client_id String,
    din_id String,
    dialin_id String,
    caller_key UInt64,
    din_tms DateTime64(3, 'Asia/Tokyo'),
    trn_id FixedString(24),
    is_answered UInt8,
    talking_sec UInt32,
    ingested_at DateTime64(3, 'UTC'),
    verdict Enum8('none' = 0, 'valid' = 1, 'duplicate' = 2, 'short' = 3),
    reason LowCardinality(String),
    duplicate_of String,
    rule_version UInt64,
    revision UInt32,
    d_calls Int8,
    d_valid Int8,
    d_duplicate Int8,
    d_short Int8,
    INDEX judged_at_range judged_at TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(judged_at)
ORDER BY position
SETTINGS non_replicated_deduplication_window = 10000;

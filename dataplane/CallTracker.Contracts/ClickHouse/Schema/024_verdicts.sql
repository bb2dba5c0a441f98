-- The verdict in force of each call, in the order of the facts, so that a range of both is joined by reading that
-- range. Copied from the ledger by the judge, like the chains.
CREATE TABLE IF NOT EXISTS calltracker.verdicts
(
    operator_id LowCardinality(String),
    client_id String,
    din_tms DateTime64(3, 'Asia/Tokyo') CODEC(Delta, ZSTD(1)),
    trn_id FixedString(24),
    revision UInt32,
    verdict Enum8('none' = 0, 'valid' = 1, 'duplicate' = 2, 'short' = 3),
    reason LowCardinality(String),
    duplicate_of String,
    rule_version UInt64,
    judged_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMM(din_tms)
ORDER BY (operator_id, client_id, din_tms, trn_id)
SETTINGS non_replicated_deduplication_window = 10000;

-- Answered calls by caller, each with its verdict in force: all that is needed to judge one caller's chain lies in one
-- range of the key. Revision 0 is the call itself; later ones are
-- copied from the ledger by the judge, after each insert and again at start, which changes nothing when they are there.
CREATE TABLE IF NOT EXISTS calltracker.judge_chains
(
    operator_id LowCardinality(String),
    caller_key UInt64,
    din_tms DateTime64(3, 'Asia/Tokyo') CODEC(Delta, ZSTD(1)),
    trn_id FixedString(24),
    revision UInt32,
    client_id String,
    din_id String,
    dialin_id String,
    talking_sec UInt32,
    ingested_at DateTime64(3, 'UTC'),
    verdict Enum8('none' = 0, 'valid' = 1, 'duplicate' = 2, 'short' = 3),
    reason LowCardinality(String),
    duplicate_of String,
    rule_version UInt64
)
ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMM(din_tms)
ORDER BY (operator_id, caller_key, din_tms, trn_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS calltracker.judge_chains_calls_mv TO calltracker.judge_chains AS
SELECT operator_id, caller_key, din_tms, trn_id, toUInt32(0) AS revision, client_id, din_id, dialin_id, talking_sec,
    ingested_at, 'none' AS verdict, '' AS reason, '' AS duplicate_of, toUInt64(0) AS rule_version
FROM calltracker.call_records
WHERE tst_tms IS NOT NULL;

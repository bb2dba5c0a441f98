-- What ClickHouse judges by: a copy of the rule documents that Redis keeps, one row per rule, written by the judge.
-- The row with the empty operator is the default for operators without a rule of their own.
CREATE TABLE IF NOT EXISTS calltracker.judgement_rules
(
    operator_id LowCardinality(String),
    rule_id String,
    rule_version UInt64,
    scope Enum8('operator' = 1, 'advertiser' = 2, 'number' = 3),
    scope_id String,
    effective_from_ms Int64,
    effective_to_ms Int64,
    min_talk_sec UInt32,
    dup_window_ms Int64,
    dup_scope Enum8('number' = 1, 'advertiser' = 2, 'operator' = 3),
    dup_anchor Enum8('valid_only' = 1, 'any_connected' = 2),
    dup_boundary Enum8('inclusive' = 1, 'exclusive' = 2),
    withheld Enum8('never_dup' = 1, 'always_dup' = 2),
    excluded_keys Array(UInt64),
    is_deleted UInt8
)
ENGINE = ReplacingMergeTree(rule_version)
ORDER BY (operator_id, rule_id)
SETTINGS non_replicated_deduplication_window = 10000;

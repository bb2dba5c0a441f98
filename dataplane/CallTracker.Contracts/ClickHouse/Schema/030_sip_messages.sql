-- SIP messages of traced calls (sampled, failed or asked for). They hold callers' numbers, so the text is sealed and
-- each row bears the end of its own retention, which the node's setting decides; whole days are dropped at once.
-- ReplacingMergeTree is the second net against a doubled batch; the first is its deduplication token.
CREATE TABLE IF NOT EXISTS calltracker.sip_messages
(
    trn_id FixedString(24),
    time DateTime64(6, 'Asia/Tokyo') CODEC(Delta, ZSTD(1)),
    sequence UInt64 CODEC(Delta, ZSTD(1)),
    operator_id LowCardinality(String),
    node_id LowCardinality(String),
    direction Enum8('received' = 0, 'sent' = 1),
    attempt UInt8,
    transport LowCardinality(String),
    local String,
    remote String,
    method LowCardinality(String),
    status UInt16,
    cause Enum8('none' = 0, 'failed' = 1, 'sampled' = 2, 'requested' = 3),
    missing UInt16,
    message_sealed String CODEC(NONE),
    expires_at DateTime('UTC')
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMMDD(expires_at)
ORDER BY (trn_id, time, sequence)
TTL expires_at
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

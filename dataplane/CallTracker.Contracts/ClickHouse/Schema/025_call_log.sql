-- One call is looked up by its id alone; the filter spares reading the whole operator for it.
ALTER TABLE calltracker.call_records ADD INDEX IF NOT EXISTS trn_id_filter trn_id TYPE bloom_filter(0.001) GRANULARITY 1;

-- The call log with the keys of PRODUCT.md section 5 as columns, for the API and for BI tools. FINAL on both sides:
-- no call appears twice. The join names the whole key of both tables, so that a condition on operator and time reads
-- that range of both.
CREATE OR REPLACE VIEW calltracker.call_log AS
SELECT
    c.operator_id AS operator_id,
    c.seq_num AS seq_num,
    c.trn_id AS trn_id,
    c.din_id AS din_id,
    c.client_id AS client_id,
    c.client_name AS client_name,
    c.dialin_id AS dialin_id,
    c.dialin_name AS dialin_name,
    c.fwd_id AS fwd_id,
    c.clr_id_cipher AS clr_id_cipher,
    c.din_tms AS din_tms,
    c.tst_tms AS tst_tms,
    c.eoc_tms AS eoc_tms,
    c.calling_sec AS calling_sec,
    c.talking_sec AS talking_sec,
    c.conn_sec AS conn_sec,
    c.dial_stat AS dial_stat,
    transform(toString(c.clr_type), ['fixed', 'mobile', 'ip', 'payphone', 'withheld', 'international'],
        ['固定電話', '携帯・PHS', 'IP電話', '公衆電話', '非通知番号', '国際'], '不明') AS clr_type,
    transform(toString(c.fwd_type), ['fixed', 'mobile', 'ip', 'payphone', 'withheld', 'international'],
        ['固定電話', '携帯・PHS', 'IP電話', '公衆電話', '非通知番号', '国際'], '不明') AS fwd_type,
    transform(toString(c.hup_usr), ['caller', 'callee', 'system'], ['発信者', '着信者', 'システム'], '') AS hup_usr,
    transform(toString(v.verdict), ['valid', 'duplicate', 'short'], ['有効', '無効(重複)', '無効(未満)'], '') AS valid_res,
    v.reason AS verdict_reason,
    v.duplicate_of AS duplicate_of,
    v.rule_version AS rule_version,
    c.sip_code AS sip_code,
    c.end_reason AS end_reason,
    c.trunk_in AS trunk_in,
    c.trunk_out AS trunk_out,
    c.node_id AS node_id,
    c.call_id AS call_id,
    c.route_version AS route_version,
    c.in_packets AS in_packets,
    c.in_lost AS in_lost,
    c.in_jitter_us AS in_jitter_us,
    c.in_relayed AS in_relayed,
    c.in_dropped AS in_dropped,
    c.out_packets AS out_packets,
    c.out_lost AS out_lost,
    c.out_jitter_us AS out_jitter_us,
    c.out_relayed AS out_relayed,
    c.out_dropped AS out_dropped,
    c.attempt_fwd_id AS attempt_fwd_id,
    c.attempt_sip_code AS attempt_sip_code,
    c.attempt_ring_ms AS attempt_ring_ms,
    c.attempt_trunk AS attempt_trunk,
    c.recovered AS recovered,
    c.ingested_at AS ingested_at
FROM calltracker.call_records AS c FINAL
LEFT JOIN calltracker.verdicts AS v FINAL
    ON v.operator_id = c.operator_id AND v.client_id = c.client_id AND v.din_tms = c.din_tms AND v.trn_id = c.trn_id;

-- New calls that were never answered: they enter the ledger without a verdict.
SELECT 'call' AS event, operator_id, client_id, din_id, dialin_id, caller_key,
    toUnixTimestamp64Milli(din_tms) AS din_ms,
    toString(trn_id) AS trn_id, 0 AS is_answered, talking_sec, toUnixTimestamp64Milli(ingested_at) AS ingested_ms,
    'none' AS verdict, '' AS reason, '' AS duplicate_of, toUInt64(0) AS rule_version, toUInt32(1) AS revision,
    'none' AS old_verdict
FROM (@FRESH@) AS fresh
WHERE fresh.is_answered = 0 AND (operator_id, client_id, din_tms, trn_id) NOT IN
(
    SELECT operator_id, client_id, din_tms, trn_id
    FROM verdicts
    WHERE (operator_id, client_id, din_tms, trn_id) IN (SELECT operator_id, client_id, din_tms, trn_id FROM (@FRESH@))
)

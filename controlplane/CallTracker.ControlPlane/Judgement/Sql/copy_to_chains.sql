INSERT INTO judge_chains (operator_id, caller_key, din_tms, trn_id, revision, client_id, din_id, dialin_id, talking_sec,
    ingested_at, verdict, reason, duplicate_of, rule_version)
SELECT operator_id, caller_key, din_tms, trn_id, revision, client_id, din_id, dialin_id, talking_sec,
    ingested_at, verdict, reason, duplicate_of, rule_version
FROM judge_ledger
WHERE position > {after:UInt64} AND position <= {to:UInt64} AND is_answered = 1

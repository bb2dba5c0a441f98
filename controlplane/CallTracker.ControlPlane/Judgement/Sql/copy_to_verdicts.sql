INSERT INTO verdicts (operator_id, client_id, din_tms, trn_id, revision, verdict, reason, duplicate_of, rule_version,
    judged_at)
SELECT operator_id, client_id, din_tms, trn_id, revision, verdict, reason, duplicate_of, rule_version, judged_at
FROM judge_ledger
WHERE position > {after:UInt64} AND position <= {to:UInt64}

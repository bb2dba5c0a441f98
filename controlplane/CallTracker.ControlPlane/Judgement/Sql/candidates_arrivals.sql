SELECT *, trn_id IN (SELECT trn_id FROM fresh WHERE is_answered = 1) AS is_trigger
FROM judge_chains FINAL
WHERE (operator_id, caller_key) IN (SELECT operator_id, caller_key FROM fresh WHERE is_answered = 1 AND caller_key != 0)
    AND din_tms >= fromUnixTimestamp64Milli(
        (SELECT toUnixTimestamp64Milli(min(din_tms)) FROM fresh) - look_back_ms, 'Asia/Tokyo')
UNION ALL
-- Withheld callers form no chains; only the new calls themselves are read.
SELECT *, 1 AS is_trigger
FROM judge_chains FINAL
WHERE caller_key = 0 AND (operator_id, caller_key, din_tms, trn_id) IN
    (SELECT operator_id, caller_key, din_tms, trn_id FROM fresh WHERE is_answered = 1 AND caller_key = 0)

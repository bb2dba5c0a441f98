-- Calls that arrived in the window and that the ledger does not have yet. One row a call, also when it was shipped
-- twice.
SELECT operator_id, client_id, din_id, dialin_id, caller_key, din_tms, trn_id, is_answered, talking_sec, ingested_at
FROM judge_arrivals
WHERE ingested_at > fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
    AND ingested_at <= fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
    AND trn_id NOT IN
    (
        SELECT trn_id
        FROM judge_ledger
        WHERE event = 'call' AND judged_at >= fromUnixTimestamp64Milli({from_ms:Int64} - 60000, 'UTC')
            AND ingested_at > fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')
            AND ingested_at <= fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
    )
ORDER BY ingested_at
LIMIT 1 BY trn_id

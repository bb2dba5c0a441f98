SELECT *, 1 AS is_trigger
FROM judge_chains FINAL
WHERE operator_id = {operator:String} AND caller_key = 0
    AND din_tms >= fromUnixTimestamp64Milli({from_ms:Int64}, 'Asia/Tokyo')
    AND din_tms <= fromUnixTimestamp64Milli({to_ms:Int64}, 'Asia/Tokyo')

SELECT *, din_tms >= fromUnixTimestamp64Milli({from_ms:Int64}, 'Asia/Tokyo') AS is_trigger
FROM judge_chains FINAL
WHERE operator_id = {operator:String} AND caller_key > {after:UInt64} AND caller_key <= {last:UInt64}
    AND caller_key IN (@CALLERS@)
    AND din_tms >= fromUnixTimestamp64Milli({from_ms:Int64} - look_back_ms, 'Asia/Tokyo')

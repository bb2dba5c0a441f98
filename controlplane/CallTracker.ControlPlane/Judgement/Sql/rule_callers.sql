SELECT DISTINCT caller_key
FROM judge_chains
WHERE operator_id = {operator:String} AND caller_key > {after:UInt64}
    AND din_tms >= fromUnixTimestamp64Milli({from_ms:Int64}, 'Asia/Tokyo')
    AND ({scope:String} != 'advertiser' OR client_id = {scope_id:String})
    AND ({scope:String} != 'number' OR dialin_id = {scope_id:String})
ORDER BY caller_key
LIMIT 20000

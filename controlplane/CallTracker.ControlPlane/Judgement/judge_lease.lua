-- Takes or renews the right to judge. KEYS 1 the lease. ARGV 1 who, 2 milliseconds. Answer: {'1'} when it is ours.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return { '0' } end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return { '1' }

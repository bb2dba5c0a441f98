-- Gives the right to judge back, if it is still ours. KEYS 1 the lease. ARGV 1 who.
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return { '1' }

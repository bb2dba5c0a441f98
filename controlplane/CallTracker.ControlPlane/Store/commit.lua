-- One atomic write: all guards hold, or nothing is changed.
-- KEYS  1 counter of versions, 2 change stream, 3… the keys that guards and writes name by index.
-- ARGV  version placeholder, channel, change kind ('' for none), change key, longest stream,
--       guard count, (kind, key index, field, expected)…, write count, (kind, key index, field, value)…
-- Answer: {'0', number of the guard that failed} or {'1', new version}.
local at = 0
local function take()
  at = at + 1
  return ARGV[at]
end

local placeholder, channel, kind, changed, longest = take(), take(), take(), take(), take()

local guards = {
  absent = function(key) return redis.call('EXISTS', key) == 0 end,
  no_field = function(key, field) return redis.call('HEXISTS', key, field) == 0 end,
  field = function(key, field) return redis.call('HEXISTS', key, field) == 1 end,
  shorter = function(key, _, expected) return redis.call('HLEN', key) < tonumber(expected) end,
  empty = function(key) return redis.call('ZCARD', key) == 0 end,
  version = function(key, field, expected)
    local entity = redis.call('HGET', key, field)
    return entity and string.match(entity, '"version":(%d+)') == expected
  end,
}

for number = 1, tonumber(take()) do
  local guard, key, field, expected = take(), KEYS[tonumber(take())], take(), take()
  if not guards[guard](key, field, expected) then return { '0', tostring(number) } end
end

local version = string.format('%.0f', redis.call('INCR', KEYS[1]))

local writes = {
  hset = function(key, field, value) redis.call('HSET', key, field, value) end,
  hdel = function(key, field) redis.call('HDEL', key, field) end,
  set = function(key, _, value) redis.call('SET', key, value) end,
  del = function(key) redis.call('DEL', key) end,
  zadd = function(key, field) redis.call('ZADD', key, 0, field) end,
  zrem = function(key, field) redis.call('ZREM', key, field) end,
  sadd = function(key, field) redis.call('SADD', key, field) end,
}

for _ = 1, tonumber(take()) do
  local write, key, field, value = take(), KEYS[tonumber(take())], take(), take()
  -- The version is known only here; documents and field names carry a number that no counter reaches in its place.
  field = string.gsub(field, placeholder, version)
  value = string.gsub(value, '"version":' .. placeholder, '"version":' .. version)
  writes[write](key, field, value)
end

if kind ~= '' then
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', longest, version .. '-0', 'kind', kind, 'key', changed)
  redis.call('PUBLISH', channel, version .. ' ' .. kind .. ' ' .. changed)
end
return { '1', version }

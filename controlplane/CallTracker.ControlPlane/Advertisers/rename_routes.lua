-- Puts an advertiser's present name into some of its routes, and tells the nodes of each that changed.
-- KEYS  1 change counter, 2 change stream, 3 advertisers, 4 the advertiser's number ids, 5 numbers, 6 pending renames
-- ARGV  client id, id to go on after ('' at first), how many ids, route key prefix, channel, longest stream,
--       member of the pending set to remove when nothing is left
-- Answer: {id to go on after, or ''}
local client, after, count, prefix, channel, longest, pending = unpack(ARGV)
local NAME = '"client_name":"[^"]*"'

local advertiser = redis.call('HGET', KEYS[3], client)
-- Documents are written without raw quotes inside texts, so the pattern finds the member and nothing else.
local name = advertiser and string.match(advertiser, NAME)
local from = after == '' and '-' or '(' .. after
local ids = name and redis.call('ZRANGEBYLEX', KEYS[4], from, '+', 'LIMIT', 0, count) or {}

for _, id in ipairs(ids) do
  local number = redis.call('HGET', KEYS[5], id)
  local din = number and string.match(number, '"din_id":"(%d+)"')
  local route = din and redis.call('GET', prefix .. din)
  if route and string.match(route, NAME) ~= name then
    local version = string.format('%.0f', redis.call('INCR', KEYS[1]))
    route = string.gsub(route, NAME, function() return name end, 1)
    route = string.gsub(route, '"version":%d+', '"version":' .. version, 1)
    redis.call('SET', prefix .. din, route)
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', longest, version .. '-0', 'kind', 'route', 'key', din)
    redis.call('PUBLISH', channel, version .. ' route ' .. din)
  end
end

if #ids == tonumber(count) then return { ids[#ids] } end
redis.call('SREM', KEYS[6], pending)
return { '' }

-- Users by id, one after the other, again and again: <path before the id> <how many ids>
require "report"

local path, count
local id = 0

function init(args)
    path, count = args[1], tonumber(args[2])
end

function request()
    id = id % count + 1
    return wrk.format("GET", path .. string.format("%d", id))
end

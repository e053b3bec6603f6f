-- Users by id, at random: <path before the id> <first id> <how many ids> <seed>
require "report"

local path, first, count

function init(args)
    path, first, count = args[1], tonumber(args[2]), tonumber(args[3])
    math.randomseed(tonumber(args[4]))
end

function request()
    return wrk.format("GET", path .. string.format("%d", first + math.random(0, count - 1)))
end

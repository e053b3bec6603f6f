-- Nine users by id, at random, for one that is new: <path before the id> <how many ids> <path of creation> <seed>
require "report"

local get, count, create, seed
local sent = 0
local json = { ["Content-Type"] = "application/json" }

function init(args)
    get, count, create, seed = args[1], tonumber(args[2]), args[3], args[4]
    math.randomseed(tonumber(seed))
end

function request()
    sent = sent + 1
    if sent % 10 > 0 then
        return wrk.format("GET", get .. string.format("%d", math.random(1, count)))
    end
    local body = string.format('{"name":"New User","email":"new-%s-%d@bench.example"}', seed, sent)
    return wrk.format("POST", create, json, body)
end

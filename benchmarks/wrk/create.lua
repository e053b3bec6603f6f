-- New users, each with an e-mail of its own: <path> <seed>
require "report"

local path, seed
local created = 0

function init(args)
    path, seed = args[1], args[2]
    wrk.headers["Content-Type"] = "application/json"
end

function request()
    created = created + 1
    local body = string.format('{"name":"New User","email":"new-%s-%d@bench.example"}', seed, created)
    return wrk.format("POST", path, nil, body)
end

-- A user that breaks two rules
require "report"

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"name":"","email":"nobody"}'

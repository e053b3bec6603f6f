-- What wrk counted, on one line for the runner to read.
function done(summary, latency, requests)
    local e = summary.errors
    io.write(string.format("RESULT requests=%d microseconds=%d refused=%d socket=%d\n",
        summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout))
end

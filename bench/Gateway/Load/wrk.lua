-- Sends the requests of a file, one a line: path, key (or -) and the length of the body (0: a GET).
--   wrk … -s wrk.lua URL -- FILE [check=BYTES] [think=MILLISECONDS]
-- check looks at each answer (it costs the sender as much as the call); think waits before each request, on average.

local requests, at = {}, 0
local threads = {}
sent, wrong, shown = 0, 0, ""

function setup(thread)
  threads[#threads + 1] = thread
end

function init(arguments)
  for line in io.lines(arguments[1]) do
    local path, key, length = line:match("^(%S+) (%S+) (%d+)$")
    local headers = { ["User-Agent"] = "bench/1.0" }
    if key ~= "-" then headers["X-Api-Key"] = key end
    if length == "0" then
      requests[#requests + 1] = wrk.format("GET", path, headers)
    else
      requests[#requests + 1] = wrk.format("POST", path, headers, string.rep("x", tonumber(length)))
    end
  end
  for i = 2, #arguments do
    local name, value = arguments[i]:match("^(%a+)=(%d+)$")
    if name == "check" then check(tonumber(value)) end
    if name == "think" then think(tonumber(value)) end
  end
end

function request()
  at = at % #requests + 1
  sent = sent + 1
  return requests[at]
end

function check(bytes)
  response = function(status, headers, body)
    if status ~= 200 or #body ~= bytes then
      wrong = wrong + 1
      shown = string.format("status %d with %d bytes", status, #body)
    end
  end
end

function think(mean)
  delay = function()
    return math.random(1, 2 * mean - 1)
  end
end

function done(summary, latency)
  local all, bad, one = 0, 0, ""
  for _, thread in ipairs(threads) do
    all = all + thread:get("sent")
    bad = bad + thread:get("wrong")
    if thread:get("shown") ~= "" then one = thread:get("shown") end
  end
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"sent":%d,"calls":%d,"bytes":%d,"microseconds":%d,"failed":%d,"refused":%d,"wrong":%d,"shown":"%s",'
      .. '"p50":%.1f,"p99":%.1f}\n',
    all, summary.requests, summary.bytes, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status, bad, one,
    latency:percentile(50), latency:percentile(99)))
end

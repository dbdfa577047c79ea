namespace ApiSvc.AiAdapter.Money;

/// <summary>
/// What Redis does in one step each. A window is a hash (epoch, spent, reserved, and the amount of every lease by its name) and
/// a sorted set of the leases by their ends. Names: <c>c:…</c> is a call's, <c>n:…</c> a process's share. The epoch is another
/// one each time the window is filled from the ledger: what was reserved before is then settled by the ledger alone.
/// </summary>
internal static class CounterScripts
{
    // Zero is taken from, not negated: Redis reads no -0.
    //
    // KEYS: hash and leases of each window. ARGV: now, lease, its end, share, its end, percent; then hard, amount and seconds
    // to live of each window. Answers {'ok', epoch, share, …}, {'seed', window} or {'full', window, spent}.
    public const string Reserve = """
        local now, percent = tonumber(ARGV[1]), tonumber(ARGV[6])
        local windows = {}
        for i = 1, #KEYS / 2 do
          local hash, leases = KEYS[2 * i - 1], KEYS[2 * i]
          local epoch = redis.call('HGET', hash, 'epoch')
          if not epoch then return {'seed', i} end
          for _, name in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 1000)) do
            redis.call('HINCRBY', hash, 'reserved', 0 - tonumber(redis.call('HGET', hash, name) or 0))
            redis.call('HDEL', hash, name)
            redis.call('ZREM', leases, name)
          end
          local v = redis.call('HMGET', hash, 'spent', 'reserved', ARGV[4])
          local w = {
            epoch = epoch, spent = tonumber(v[1]), share = tonumber(v[3] or 0),
            hard = tonumber(ARGV[4 + 3 * i]), amount = tonumber(ARGV[5 + 3 * i]), life = ARGV[6 + 3 * i]
          }
          w.reserved = tonumber(v[2]) - w.share
          if w.spent + w.reserved >= w.hard then return {'full', i, w.spent} end
          windows[i] = w
        end
        local answer = {'ok'}
        for i, w in ipairs(windows) do
          local hash, leases = KEYS[2 * i - 1], KEYS[2 * i]
          w.reserved = w.reserved + w.amount
          local share = math.max(0, math.floor((w.hard - w.spent - w.reserved) * percent / 100))
          redis.call('HSET', hash, 'reserved', w.reserved + share, ARGV[2], w.amount, ARGV[4], share)
          redis.call('ZADD', leases, ARGV[3], ARGV[2], ARGV[5], ARGV[4])
          redis.call('EXPIRE', hash, w.life)
          redis.call('EXPIRE', leases, w.life)
          answer[2 * i], answer[2 * i + 1] = w.epoch, share
        end
        return answer
        """;

    // KEYS as before. ARGV: lease; then epoch and what it came to of each window. Nothing to come to gives it back.
    public const string Settle = """
        for i = 1, #KEYS / 2 do
          local hash, leases = KEYS[2 * i - 1], KEYS[2 * i]
          local epoch = redis.call('HGET', hash, 'epoch')
          local held = redis.call('HGET', hash, ARGV[1])
          if held then
            redis.call('HINCRBY', hash, 'reserved', 0 - tonumber(held))
            redis.call('HDEL', hash, ARGV[1])
            redis.call('ZREM', leases, ARGV[1])
          end
          if epoch and epoch == ARGV[2 * i] then
            redis.call('HINCRBY', hash, 'spent', ARGV[2 * i + 1])
          end
        end
        return 1
        """;

    // KEYS: hash. ARGV: epoch, spent, seconds to live. Whoever comes first fills it.
    public const string Seed = """
        if redis.call('HSETNX', KEYS[1], 'epoch', ARGV[1]) == 1 then
          redis.call('HSET', KEYS[1], 'spent', ARGV[2], 'reserved', 0)
          redis.call('EXPIRE', KEYS[1], ARGV[3])
        end
        return 1
        """;

    // KEYS: hash. ARGV: what the ledger says is spent. It never says more than is true, so the larger one is right.
    public const string Raise = """
        local spent = redis.call('HGET', KEYS[1], 'spent')
        if spent and tonumber(spent) < tonumber(ARGV[1]) then
          redis.call('HSET', KEYS[1], 'spent', ARGV[1])
        end
        return 1
        """;
}

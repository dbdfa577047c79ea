using System.Globalization;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ApiSvc.AiAdapter.Money;

/// <summary>What Redis said to a reservation.</summary>
internal abstract record CounterAnswer
{
    /// <param name="Windows">Of each window its epoch, and what this process may go on with by itself.</param>
    public sealed record Taken(IReadOnlyList<(string Epoch, long Share)> Windows) : CounterAnswer;

    /// <summary>The window has to be filled from the ledger first.</summary>
    public sealed record Unseeded(int Window) : CounterAnswer;

    /// <param name="Spent">Without what is reserved.</param>
    public sealed record Full(int Window, long Spent) : CounterAnswer;

    public sealed record Away : CounterAnswer;
}

/// <summary>The counters that all processes share: the ledger's fast copy. Never throws for Redis being away.</summary>
internal sealed partial class RedisCounters(
    IConnectionMultiplexer redis,
    IOptions<BudgetOptions> options,
    TimeProvider time,
    ILogger<RedisCounters> logger
)
{
    private readonly string _share = $"n:{Guid.NewGuid():n}";
    private long _awayUntil;

    public async Task<CounterAnswer> ReserveAsync(string lease, IReadOnlyList<Hold> holds)
    {
        var now = time.GetUtcNow();
        List<RedisValue> arguments =
        [
            now.ToUnixTimeMilliseconds(),
            lease,
            (now + options.Value.Lease).ToUnixTimeMilliseconds(),
            _share,
            (now + options.Value.ShareFor).ToUnixTimeMilliseconds(),
            options.Value.SharePercent,
        ];
        foreach (var hold in holds)
        {
            arguments.Add(hold.Rule.Hard!.Value);
            arguments.Add(hold.Amount);
            arguments.Add(LifeOf(hold, now));
        }

        var result = await RunAsync(CounterScripts.Reserve, KeysOf(holds), [.. arguments]);
        if (result is null)
        {
            return new CounterAnswer.Away();
        }

        var parts = (RedisResult[])result!;
        return (string)parts[0]! switch
        {
            "ok" => new CounterAnswer.Taken([
                .. holds.Select((_, i) => ((string)parts[(2 * i) + 1]!, (long)parts[(2 * i) + 2])),
            ]),
            "seed" => new CounterAnswer.Unseeded((int)parts[1] - 1),
            _ => new CounterAnswer.Full((int)parts[1] - 1, (long)parts[2]),
        };
    }

    /// <summary>Puts what a call came to in the place of what it reserved; of nothing, gives it back.</summary>
    /// <returns>False if Redis was away.</returns>
    public async Task<bool> SettleAsync(
        string lease,
        IReadOnlyList<(Hold Hold, string Epoch, long Spent)> settled
    )
    {
        List<RedisValue> arguments = [lease];
        foreach (var (_, epoch, spent) in settled)
        {
            arguments.Add(epoch);
            arguments.Add(spent);
        }

        return await RunAsync(
            CounterScripts.Settle,
            KeysOf([.. settled.Select(s => s.Hold)]),
            [.. arguments]
        )
            is not null;
    }

    /// <summary>Fills a window that nobody has filled yet.</summary>
    public async Task<bool> SeedAsync(Hold hold, long spent) =>
        await RunAsync(
            CounterScripts.Seed,
            [HashOf(hold)],
            [$"{Guid.NewGuid():n}", spent, LifeOf(hold, time.GetUtcNow())]
        )
            is not null;

    /// <summary>Brings a window up to the ledger.</summary>
    public async Task<bool> RaiseAsync(Hold hold, long spent) =>
        await RunAsync(CounterScripts.Raise, [HashOf(hold)], [spent]) is not null;

    /// <summary>What calls under way hold of a window, without shares; null while Redis is away.</summary>
    public async Task<long?> ReservedAsync(Hold hold)
    {
        const string Sum = """
            local sum, now = 0, tonumber(ARGV[1])
            for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[1], '+inf')) do
              if string.sub(name, 1, 2) == 'c:' then sum = sum + tonumber(redis.call('HGET', KEYS[1], name) or 0) end
            end
            return sum
            """;
        return
            await RunAsync(Sum, KeysOf([hold]), [time.GetUtcNow().ToUnixTimeMilliseconds()])
                is { } sum
            ? (long)sum
            : null;
    }

    private async Task<RedisResult?> RunAsync(
        string script,
        RedisKey[] keys,
        RedisValue[] arguments
    )
    {
        if (time.GetTimestamp() < Interlocked.Read(ref _awayUntil))
        {
            return null;
        }

        try
        {
            var result = await redis
                .GetDatabase()
                .ScriptEvaluateAsync(script, keys, arguments)
                .WaitAsync(options.Value.RedisPatience);
            Interlocked.Exchange(ref _awayUntil, 0);
            return result;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            var pause = (long)(options.Value.RedisPause.TotalSeconds * time.TimestampFrequency);
            Interlocked.Exchange(ref _awayUntil, time.GetTimestamp() + pause);
            Log.Away(logger, e.Message);
            return null;
        }
    }

    private static RedisKey[] KeysOf(IReadOnlyList<Hold> holds) =>
        [.. holds.SelectMany(h => (RedisKey[])[HashOf(h), $"{HashOf(h)}:leases"])];

    // A call counts in several windows in one step: in a cluster they have to be in one slot, which the braces say.
    private static string HashOf(Hold hold) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{{apisvc:ai:budget}}:{hold.Rule.Id:n}:{hold.Start.ToUnixTimeSeconds()}"
        );

    // Until the window is over, and the last call that began in it.
    private long LifeOf(Hold hold, DateTimeOffset now) =>
        (long)(hold.End - now + options.Value.Lease).TotalSeconds + 60;

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Redis does not count: {Reason}. Hard budgets go on within this process's share"
        )]
        public static partial void Away(ILogger logger, string reason);
    }
}

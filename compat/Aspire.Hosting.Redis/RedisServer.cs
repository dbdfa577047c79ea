using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Redis;

/// <summary>Runs <c>redis-server</c>; every write goes to a file within a second if the data is kept.</summary>
internal sealed class RedisServer(RedisResource redis) : ILocalServer
{
    public async Task<ProcessPlan> PrepareAsync(LocalServerContext context)
    {
        var program = Programs.Require("redis-server", "redis-server");
        var folder = context.Local.DataOf(redis);
        var isKept = redis.Annotations.OfType<KeptDataAnnotation>().Any();
        var password = await redis.PasswordParameter!.GetValueAsync(context.CancellationToken);

        // From standard input, because a command line is there for every user to read.
        return new ProcessPlan(program, ["-"], folder)
        {
            Input = $"""
                port {redis.PrimaryEndpoint.Port}
                bind 127.0.0.1
                dir {Quoted(folder)}
                requirepass {Quoted(password!)}
                appendonly {(isKept ? "yes" : "no")}
                save ""
                daemonize no

                """,
            KeepsData = true,
        };
    }

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

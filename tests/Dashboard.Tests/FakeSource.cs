using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.Dashboard;

namespace ApiSvc.Dashboard.Tests;

/// <summary>Resources that a test makes up; it remembers what was asked of them.</summary>
internal sealed class FakeSource : IDashboardSource
{
    private readonly ConcurrentDictionary<string, DashboardResource> _resources = new();
    private readonly ConcurrentDictionary<string, List<DashboardLogLine>> _lines = new();
    private readonly ConcurrentDictionary<Channel<DashboardResource>, bool> _watchers = new();

    public ConcurrentQueue<(string Resource, DashboardCommand Command)> Commands { get; } = new();

    public string? CommandError { get; set; }

    public IReadOnlyList<DashboardResource> Resources =>
        [.. _resources.Values.OrderBy(r => r.Name, StringComparer.Ordinal)];

    public void Set(DashboardResource resource)
    {
        _resources[resource.Name] = resource;
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Writer.TryWrite(resource);
        }
    }

    public void Write(string resource, string text, bool isError = false)
    {
        var lines = _lines.GetOrAdd(resource, _ => []);
        lock (lines)
        {
            lines.Add(new(lines.Count + 1, text, isError, DateTimeOffset.UtcNow));
        }
    }

    public async IAsyncEnumerable<DashboardResource> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var channel = Channel.CreateUnbounded<DashboardResource>();
        _watchers[channel] = true;
        try
        {
            await foreach (var resource in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return resource;
            }
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    public async IAsyncEnumerable<DashboardLogLine> WatchLogsAsync(
        string resource,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var lines = _lines.GetOrAdd(resource, _ => []);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var next = 0;
        do
        {
            List<DashboardLogLine> news;
            lock (lines)
            {
                news = lines.Slice(next, lines.Count - next);
            }

            next += news.Count;
            foreach (var line in news)
            {
                yield return line;
            }
        } while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    public Task<DashboardCommandResult> ExecuteAsync(
        string resource,
        DashboardCommand command,
        CancellationToken cancellationToken
    )
    {
        Commands.Enqueue((resource, command));
        if (command == DashboardCommand.Stop && CommandError is null)
        {
            Set(
                _resources[resource] with
                {
                    State = "Exited",
                    Tone = DashboardTone.Neutral,
                    Health = null,
                    StoppedAt = DateTimeOffset.UtcNow,
                    ExitCode = 0,
                    Commands = [DashboardCommand.Start],
                }
            );
        }

        return Task.FromResult(new DashboardCommandResult(CommandError));
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line of a resource's log; its content starts with the time.</summary>
/// <param name="LineNumber">Counts from 1.</param>
/// <param name="Content">Time (RFC 3339, UTC), a space, the text.</param>
/// <param name="IsErrorMessage">Whether it is of the standard error output, or says what failed.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps the last 10,000 lines of each replica's log, and tells who wants to know.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(
        StringComparer.OrdinalIgnoreCase
    );

    internal ResourceLoggerService() { }

    /// <summary>Every line as it comes: replica, text without the time, whether it is an error.</summary>
    internal Action<string, string, bool>? Written { get; set; }

    /// <summary>Writes to the log of all replicas of a resource.</summary>
    public ILogger GetLogger(IResource resource) => new ResourceLogger(this, [.. resource.Ids()]);

    /// <summary>Writes to the log of a replica.</summary>
    public ILogger GetLogger(string resourceName) => new ResourceLogger(this, [resourceName]);

    /// <summary>What is kept of a resource's log, and every line from then on.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) =>
        WatchAsync([.. resource.Ids()], goOn: true, CancellationToken.None);

    /// <inheritdoc cref="WatchAsync(IResource)" />
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) =>
        WatchAsync([resourceName], goOn: true, CancellationToken.None);

    /// <summary>What is kept of a replica's log.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) =>
        WatchAsync([resourceName], goOn: false, CancellationToken.None);

    /// <summary>Nothing is written any more: those who watch come to an end.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach (var log in _logs.Values)
        {
            log.Complete();
        }
    }

    internal void Write(string id, string text, bool isError)
    {
        LogOf(id).Write(text, isError);
        Written?.Invoke(id, text, isError);
    }

    private ResourceLog LogOf(string id) => _logs.GetOrAdd(id, _ => new ResourceLog());

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(
        string[] ids,
        bool goOn,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var channel = Channel.CreateUnbounded<LogLine>();
        foreach (var id in ids)
        {
            LogOf(id).Attach(channel.Writer);
        }

        try
        {
            while (goOn || channel.Reader.Count > 0)
            {
                if (!await channel.Reader.WaitToReadAsync(cancellationToken))
                {
                    break;
                }

                var lines = new List<LogLine>();
                while (channel.Reader.TryRead(out var line))
                {
                    lines.Add(line);
                }

                yield return lines;
            }
        }
        finally
        {
            foreach (var id in ids)
            {
                LogOf(id).Detach(channel.Writer);
            }
        }
    }

    private sealed class ResourceLog
    {
        private const int Kept = 10_000;

        private readonly Queue<LogLine> _lines = new();
        private readonly List<ChannelWriter<LogLine>> _watchers = [];
        private readonly Lock _gate = new();
        private int _count;

        public void Write(string text, bool isError)
        {
            var time = DateTime.UtcNow.ToString(
                "yyyy-MM-ddTHH:mm:ss.fffffffZ",
                CultureInfo.InvariantCulture
            );
            lock (_gate)
            {
                var line = new LogLine(++_count, $"{time} {text}", isError);
                _lines.Enqueue(line);
                if (_lines.Count > Kept)
                {
                    _lines.Dequeue();
                }

                foreach (var watcher in _watchers)
                {
                    watcher.TryWrite(line);
                }
            }
        }

        public void Attach(ChannelWriter<LogLine> watcher)
        {
            lock (_gate)
            {
                foreach (var line in _lines)
                {
                    watcher.TryWrite(line);
                }

                _watchers.Add(watcher);
            }
        }

        public void Detach(ChannelWriter<LogLine> watcher)
        {
            lock (_gate)
            {
                _watchers.Remove(watcher);
            }
        }

        public void Complete()
        {
            lock (_gate)
            {
                foreach (var watcher in _watchers)
                {
                    watcher.TryComplete();
                }
            }
        }
    }

    private sealed class ResourceLogger(ResourceLoggerService logs, string[] ids) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            var text = formatter(state, exception);
            foreach (var id in ids)
            {
                logs.Write(
                    id,
                    exception is null ? text : $"{text} {exception.Message}",
                    isError: logLevel >= LogLevel.Error
                );
            }
        }
    }
}

using System.Collections.Concurrent;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.ServiceDefaults.Outbox;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ApiSvc.Identity.Tests;

/// <summary>Keeps the events instead of Kafka.</summary>
internal sealed class RecordedEvents : IEventPublisher
{
    private readonly ConcurrentQueue<OutboxMessage> _all = [];

    public IReadOnlyCollection<OutboxMessage> All => _all;

    public Task<IReadOnlyList<PublishOutcome>> PublishAsync(
        IReadOnlyList<OutboxMessage> batch,
        CancellationToken cancellationToken
    )
    {
        foreach (var message in batch)
        {
            _all.Enqueue(message);
        }

        return Task.FromResult<IReadOnlyList<PublishOutcome>>([
            .. batch.Select(_ => PublishOutcome.Acknowledged),
        ]);
    }

    public IEnumerable<T> Of<T>()
        where T : IMessage<T>, new() =>
        _all.Where(m => m.Type == new T().Descriptor.FullName)
            .Select(m => new MessageParser<T>(() => new T()).ParseFrom(m.Payload));
}

/// <summary>The system's time, ahead by as much as a test says.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _ticks;
    private DateTimeOffset? _frozen;

    /// <summary>From now on it passes only as a test says, however slow the machine is.</summary>
    public void Freeze() => _frozen ??= base.GetUtcNow();

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() =>
        (_frozen ?? base.GetUtcNow()).AddTicks(Interlocked.Read(ref _ticks));
}

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _all = [];

    public IReadOnlyCollection<string> All => _all;

    public ILogger CreateLogger(string categoryName) => new Writer(_all);

    public void Dispose() { }

    private sealed class Writer(ConcurrentQueue<string> all) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => all.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
    }
}

/// <summary>A catalog that knows the applications it was told of.</summary>
internal sealed class FakeCatalog : Contracts.Catalog.V1.Applications.ApplicationsClient
{
    private readonly ConcurrentDictionary<string, string> _teams = [];

    public bool IsAway { get; set; }

    public int Asked { get; private set; }

    public void Add(string application, string team) => _teams[application] = team;

    public override AsyncUnaryCall<Application> GetApplicationAsync(
        GetApplicationRequest request,
        Metadata? headers = null,
        DateTime? deadline = null,
        CancellationToken cancellationToken = default
    )
    {
        Asked++;
        var answer = this switch
        {
            { IsAway: true } => Fail(StatusCode.Unavailable),
            _ when _teams.TryGetValue(request.Id, out var team) => Task.FromResult(
                new Application { Id = request.Id, TeamId = team }
            ),
            _ => Fail(StatusCode.NotFound),
        };
        return new(
            answer,
            Task.FromResult(new Metadata()),
            () => Status.DefaultSuccess,
            () => [],
            () => { }
        );
    }

    private static Task<Application> Fail(StatusCode status) =>
        Task.FromException<Application>(new RpcException(new Status(status, "as told")));
}

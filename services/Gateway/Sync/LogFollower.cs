using System.Reflection;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.Gateway.Sync.Disk;
using ApiSvc.ServiceDefaults.Data;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Sync;

/// <summary>
/// Follows a log for as long as the gateway runs. What it last applied is in force before the gateway listens, and
/// stays so however long the other side is away.
/// </summary>
internal sealed partial class LogFollower(
    IResourceLogClient log,
    IStateBuilder builder,
    StateDisk disk,
    Acknowledger acknowledger,
    SyncMetrics metrics,
    IOptions<GatewayOptions> gateway,
    IOptions<SyncOptions> options,
    TimeProvider time,
    ILogger<LogFollower> logger
) : BackgroundService, IHostedLifecycleService
{
    private readonly Inbox _inbox = new();
    private FollowerStatus _status = FollowerStatus.None;
    private ResourceSet? _applied;
    private Refusal? _refusal;

    /// <summary>The followed log.</summary>
    public string Name => log.Name;

    /// <summary>What a kind of its resources is called.</summary>
    public string NameOf(uint kind) => log.NameOf(kind);

    /// <summary>Where it is.</summary>
    public FollowerStatus Status => Volatile.Read(ref _status);

    /// <summary>Puts the newest state of the disk that can be applied in force, before anything listens.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        metrics.Observe(log.Name, () => Status);
        foreach (var state in disk.Load())
        {
            try
            {
                var aside = await builder.ApplyAsync(state, null, cancellationToken);
                disk.Resume(state);
                SetApplied(state, aside);
                SetStatus(s => s with { Damage = [.. disk.Damage] });
                Log.Loaded(logger, log.Name, state.Generation, state.Count);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Log.Unusable(logger, e, log.Name, state.Generation);
            }
        }

        SetStatus(s => s with { Damage = [.. disk.Damage] });
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
        acknowledger.Dispose();
        disk.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            ReceiveAsync(stoppingToken),
            ApplyAsync(stoppingToken),
            acknowledger.RunAsync(stoppingToken)
        );

    private async Task ReceiveAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), options.Value.LongestPause);
        var isTrusted = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // What it says it has is what answers calls, so nothing may be between.
                await _inbox.WaitUntilIdleAsync(stoppingToken);
                var trusted = isTrusted;
                isTrusted = true;
                await FollowAsync(trusted ? _applied : null, backoff, stoppingToken);
            }
            catch (RpcException) when (stoppingToken.IsCancellationRequested)
            {
                // The client's word for its own cancellation.
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                isTrusted = e is not SyncProtocolException;
                SetStatus(s => s with { IsConnected = false });
                var pause = backoff.Next();
                Log.Away(logger, Describe(e), log.Name, pause);
                await Task.Delay(pause, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(ResourceSet? have, Backoff backoff, CancellationToken stopping)
    {
        using var silence = new CancellationTokenSource(options.Value.Silence, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, silence.Token);
        using var call = log.Watch(FollowerOf(have), ending.Token);
        var assembler = new UpdateAssembler(have ?? ResourceSet.Empty);
        while (await call.ResponseStream.MoveNext(ending.Token))
        {
            silence.CancelAfter(options.Value.Silence);
            var update = call.ResponseStream.Current;
            if (assembler.Accept(update) is { } received)
            {
                _inbox.Add(received);
            }

            if (update.UpdateCase == Update.UpdateOneofCase.CaughtUp)
            {
                backoff.Reset();
                metrics.Connected(log.Name);
                Log.CaughtUp(logger, log.Name, update.CaughtUp.Generation);
                // The other side may have forgotten what was said, or another build may have said it.
                _inbox.Nudge();
            }

            SetStatus(s => s with { IsConnected = true, HeardAt = time.GetUtcNow() });
        }

        throw new RpcException(new Status(StatusCode.Unavailable, "The stream ended."));
    }

    private Follower FollowerOf(ResourceSet? have) =>
        new()
        {
            Group = gateway.Value.Environment,
            Node = gateway.Value.Node,
            Build = Build,
            Features = { builder.Features },
            HaveGeneration = have?.Generation ?? 0,
            HaveHash = have is null ? ByteString.Empty : HashOf(have),
        };

    private async Task ApplyAsync(CancellationToken stoppingToken)
    {
        // What was refused, to be tried again with what follows.
        ReceivedState? refused = null;
        while (true)
        {
            var patience = refused is null ? Timeout.InfiniteTimeSpan : options.Value.RetryRefused;
            var next = await _inbox.TakeAsync(patience, time, stoppingToken);
            if (next is null && refused is null)
            {
                acknowledger.Say(AcknowledgementOfNow());
                continue;
            }

            var work =
                next is null ? refused!
                : refused is null ? next
                : refused.Then(next);
            refused = await TryApplyAsync(work, stoppingToken) ? null : work;
            if (refused is null)
            {
                if (disk.WritesWhole(work.Changes))
                {
                    // Whoever waits for it to answer calls need not wait for a big file.
                    acknowledger.Say(AcknowledgementOfNow());
                }

                Persist(work);
            }

            acknowledger.Say(AcknowledgementOfNow());
        }
    }

    private async Task<bool> TryApplyAsync(ReceivedState work, CancellationToken stoppingToken)
    {
        try
        {
            var keys = _applied is null ? null : KeysOf(work.Changes);
            var aside = await builder.ApplyAsync(work.State, keys, stoppingToken);
            SetApplied(work.State, aside);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            metrics.Refused(log.Name);
            Log.Refused(logger, e, log.Name, work.State.Generation);
            _refusal = new() { Generation = work.State.Generation, Reason = e.Message };
            SetStatus(s => s with { Refused = e.Message });
            return false;
        }

        var now = time.GetUtcNow();
        foreach (var committedAt in work.CommittedAt)
        {
            metrics.Applied(log.Name, now - committedAt);
        }

        return true;
    }

    private void Persist(ReceivedState work)
    {
        try
        {
            disk.Write(work.State, work.Changes);
            SetStatus(s => s with { Durable = work.State.Generation, Damage = [] });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            metrics.Unwritten(log.Name);
            Log.Unwritten(logger, e, log.Name, work.State.Generation);
        }
    }

    private void SetApplied(ResourceSet state, IReadOnlyList<Quarantined> aside)
    {
        _applied = state;
        _refusal = null;
        SetStatus(s =>
            s with
            {
                HasState = true,
                Applied = state.Generation,
                Durable = disk.Generation ?? 0,
                AppliedAt = time.GetUtcNow(),
                Quarantined = aside,
                Refused = null,
            }
        );
    }

    // Receiving and applying each set what is theirs.
    private void SetStatus(Func<FollowerStatus, FollowerStatus> change)
    {
        while (true)
        {
            var old = Status;
            if (Interlocked.CompareExchange(ref _status, change(old), old) == old)
            {
                return;
            }
        }
    }

    private Acknowledgement AcknowledgementOfNow()
    {
        var status = Status;
        var said = new Acknowledgement
        {
            Group = gateway.Value.Environment,
            Node = gateway.Value.Node,
            Applied = status.Applied,
            Durable = status.Durable,
            Hash = HashOf(_applied ?? ResourceSet.Empty),
            Refusal = _refusal,
        };
        said.Quarantined.AddRange(
            status.Quarantined.Select(q => new Contracts.Sync.V1.Quarantined
            {
                Resource = new() { Kind = q.Resource.Kind, Id = q.Resource.Id },
                Pointer = q.Pointer,
                Reason = q.Reason,
            })
        );
        return said;
    }

    private static List<ResourceKey>? KeysOf(IReadOnlyList<Change>? changes) =>
        changes
            ?.Select(c =>
                c.Put is { } put ? new ResourceKey(put.Kind, put.Id)
                : c.Delete is { } key ? new(key.Kind, key.Id)
                : default
            )
            .Where(k => k.Id is not null)
            .Distinct()
            .ToList();

    private static ByteString HashOf(ResourceSet state) =>
        ByteString.CopyFrom(state.Hash.ToArray());

    private static string Describe(Exception e) =>
        e is RpcException rpc ? $"{rpc.StatusCode}: {rpc.Status.Detail}" : e.Message;

    private static string Build { get; } =
        typeof(LogFollower)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "";

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Serves {Name} generation {Generation} ({Count} resources) from disk"
        )]
        public static partial void Loaded(ILogger logger, string name, ulong generation, int count);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Generation {Generation} of {Name} on disk cannot be applied"
        )]
        public static partial void Unusable(
            ILogger logger,
            Exception exception,
            string name,
            ulong generation
        );

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Has all of {Name} up to generation {Generation}"
        )]
        public static partial void CaughtUp(ILogger logger, string name, ulong generation);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Does not follow {Name}: {Reason}; next try in {Pause}"
        )]
        public static partial void Away(ILogger logger, string reason, string name, TimeSpan pause);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Generation {Generation} of {Name} is refused; the one before stays in force"
        )]
        public static partial void Refused(
            ILogger logger,
            Exception exception,
            string name,
            ulong generation
        );

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Generation {Generation} of {Name} is in force but could not be written to disk"
        )]
        public static partial void Unwritten(
            ILogger logger,
            Exception exception,
            string name,
            ulong generation
        );
    }
}

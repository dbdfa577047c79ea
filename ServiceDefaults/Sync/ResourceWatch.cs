using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Draining;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>Answers the streams of followers (apisvc.sync.v1).</summary>
public sealed partial class ResourceWatch
{
    private readonly ResourceFeeds _feeds;
    private readonly NodeRegistry _nodes;
    private readonly DatabaseReady _ready;
    private readonly IDrainState _drain;
    private readonly ResourceLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ResourceWatch> _logger;

    internal ResourceWatch(
        ResourceFeeds feeds,
        NodeRegistry nodes,
        DatabaseReady ready,
        IDrainState drain,
        IOptions<ResourceLogOptions> options,
        TimeProvider time,
        ILogger<ResourceWatch> logger
    )
    {
        _feeds = feeds;
        _nodes = nodes;
        _ready = ready;
        _drain = drain;
        _options = options.Value;
        _time = time;
        _logger = logger;
    }

    /// <summary>
    /// Sends the follower what it lacks, then what changes, until it leaves, takes nothing any more, or this
    /// process shuts down.
    /// </summary>
    /// <exception cref="RpcException">
    /// <c>InvalidArgument</c> without a group or node; <c>Unavailable</c> when another replica, or this one later,
    /// is to be asked.
    /// </exception>
    public async Task WatchAsync(
        Follower follower,
        IServerStreamWriter<Update> stream,
        ServerCallContext context
    )
    {
        ArgumentNullException.ThrowIfNull(follower);
        ArgumentNullException.ThrowIfNull(context);
        Check(follower);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken,
            _drain.DrainToken
        );
        Session? session = null;
        try
        {
            session = await Session.OpenAsync(this, follower, stream, ended.Token);
            await session.RunAsync(ended.Token);
        }
        catch (Exception) when (context.CancellationToken.IsCancellationRequested)
        {
            // The follower left.
        }
        catch (OperationCanceledException) when (_drain.DrainToken.IsCancellationRequested)
        {
            throw Unavailable("The service is shutting down.");
        }
        catch (OperationCanceledException)
        {
            Log.Stuck(_logger, follower.Node, follower.Group, _options.WriteTimeout);
            throw Unavailable("The follower took no message for too long.");
        }
        catch (NpgsqlException e)
        {
            Log.Interrupted(_logger, e, follower.Node, follower.Group);
            throw Unavailable("The log cannot be read just now.");
        }
        finally
        {
            if (session is not null)
            {
                await session.EndAsync();
            }
        }
    }

    private void Check(Follower follower)
    {
        if (follower.Group.Length == 0 || follower.Node.Length == 0)
        {
            throw new RpcException(
                new Status(StatusCode.InvalidArgument, "A follower names its group and its node.")
            );
        }

        if (!_ready.IsReady)
        {
            throw Unavailable(_ready.Reason);
        }
    }

    private static RpcException Unavailable(string why) =>
        new(new Status(StatusCode.Unavailable, why));

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Node {Node} of {Group} follows from generation {Generation}"
        )]
        public static partial void Follows(
            ILogger logger,
            string node,
            string group,
            ulong generation
        );

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Node {Node} of {Group} took no message within {Timeout}; its stream ends"
        )]
        public static partial void Stuck(
            ILogger logger,
            string node,
            string group,
            TimeSpan timeout
        );

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The stream to node {Node} of {Group} ends: the log cannot be read"
        )]
        public static partial void Interrupted(
            ILogger logger,
            Exception exception,
            string node,
            string group
        );

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "That node {Node} of {Group} is there could not be written down"
        )]
        public static partial void Unseen(
            ILogger logger,
            Exception exception,
            string node,
            string group
        );
    }
}

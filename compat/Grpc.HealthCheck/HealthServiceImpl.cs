using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.HealthCheck;

/// <summary>Answers health checks with the statuses that it is told, and tells those who watch.</summary>
public class HealthServiceImpl : Grpc.Health.V1.Health.HealthBase
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ChannelWriter<ServingStatus>>> _watchers = new(
        StringComparer.Ordinal
    );

    /// <param name="service">A service's full name; empty is the server as a whole.</param>
    public void SetStatus(string service, ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            if (!_statuses.TryGetValue(service, out var before) || before != status)
            {
                _statuses[service] = status;
                Tell(service, status);
            }
        }
    }

    /// <summary>The service is not known any more.</summary>
    public void ClearStatus(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            if (_statuses.Remove(service))
            {
                Tell(service, ServingStatus.ServiceUnknown);
            }
        }
    }

    public void ClearAll()
    {
        lock (_gate)
        {
            foreach (var service in _statuses.Keys.ToArray())
            {
                ClearStatus(service);
            }
        }
    }

    public override Task<HealthCheckResponse> Check(
        HealthCheckRequest request,
        ServerCallContext context
    )
    {
        lock (_gate)
        {
            return _statuses.TryGetValue(request.Service, out var status)
                ? Task.FromResult(new HealthCheckResponse { Status = status })
                : throw new RpcException(new Status(StatusCode.NotFound, ""));
        }
    }

    public override Task Watch(
        HealthCheckRequest request,
        IServerStreamWriter<HealthCheckResponse> responseStream,
        ServerCallContext context
    ) => WatchAsync(request.Service, responseStream, context.CancellationToken);

    internal async Task WatchAsync(
        string service,
        IServerStreamWriter<HealthCheckResponse> responseStream,
        CancellationToken cancellationToken
    )
    {
        // A slow watcher needs the newest status only.
        var statuses = Channel.CreateBounded<ServingStatus>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        Subscribe(service, statuses.Writer);
        try
        {
            await foreach (var status in statuses.Reader.ReadAllAsync(cancellationToken))
            {
                await responseStream.WriteAsync(
                    new HealthCheckResponse { Status = status },
                    cancellationToken
                );
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers[service].Remove(statuses.Writer);
            }
        }
    }

    private void Subscribe(string service, ChannelWriter<ServingStatus> watcher)
    {
        lock (_gate)
        {
            if (!_watchers.TryGetValue(service, out var watchers))
            {
                _watchers[service] = watchers = [];
            }

            watchers.Add(watcher);
            watcher.TryWrite(_statuses.GetValueOrDefault(service, ServingStatus.ServiceUnknown));
        }
    }

    private void Tell(string service, ServingStatus status)
    {
        foreach (var watcher in _watchers.GetValueOrDefault(service) ?? [])
        {
            watcher.TryWrite(status);
        }
    }
}

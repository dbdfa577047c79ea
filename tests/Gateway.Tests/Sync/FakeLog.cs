using System.Collections.Concurrent;
using System.Threading.Channels;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.Gateway.Sync;
using Grpc.Core;

namespace ApiSvc.Gateway.Tests.Sync;

/// <summary>The other side of a follower, in the hands of a test.</summary>
internal sealed class FakeLog : IResourceLogClient
{
    private readonly Channel<Stream> _streams = Channel.CreateUnbounded<Stream>();

    public string Name => "configuration";

    /// <summary>Set while acknowledgements fail.</summary>
    public bool IsDeaf { get; set; }

    public ConcurrentQueue<Acknowledgement> Heard { get; } = new();

    /// <summary>The next stream that the follower opens.</summary>
    public async Task<Stream> OpenedAsync() =>
        await _streams.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public AsyncServerStreamingCall<Update> Watch(
        Follower follower,
        CancellationToken cancellationToken
    )
    {
        var stream = new Stream(follower);
        _streams.Writer.TryWrite(stream);
        return new(
            stream,
            Task.FromResult(new Metadata()),
            () => Status.DefaultSuccess,
            () => [],
            stream.End
        );
    }

    public Task AcknowledgeAsync(
        Acknowledgement acknowledgement,
        DateTime deadline,
        CancellationToken cancellationToken
    )
    {
        if (IsDeaf)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "deaf"));
        }

        Heard.Enqueue(acknowledgement);
        return Task.CompletedTask;
    }

    internal sealed class Stream(Follower follower) : IAsyncStreamReader<Update>
    {
        private readonly Channel<Update> _updates = Channel.CreateUnbounded<Update>();

        public Follower Follower { get; } = follower;

        public Update Current { get; private set; } = new();

        public void Send(params IEnumerable<Update> updates)
        {
            foreach (var update in updates)
            {
                _updates.Writer.TryWrite(update);
            }
        }

        public void End() => _updates.Writer.TryComplete();

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            while (await _updates.Reader.WaitToReadAsync(cancellationToken))
            {
                if (_updates.Reader.TryRead(out var update))
                {
                    Current = update;
                    return true;
                }
            }

            return false;
        }
    }
}

using ApiSvc.Contracts.Sync.V1;
using Google.Protobuf;
using Grpc.Core;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Sync;

public sealed partial class ResourceWatch
{
    /// <summary>One stream.</summary>
    private sealed class Session(
        ResourceWatch watch,
        GroupFeed feed,
        Follower follower,
        Guid id,
        IServerStreamWriter<Update> stream
    )
    {
        private long _seen = watch._time.GetTimestamp();

        public static async Task<Session> OpenAsync(
            ResourceWatch watch,
            Follower follower,
            IServerStreamWriter<Update> stream,
            CancellationToken cancellationToken
        )
        {
            var feed = await watch._feeds.OpenAsync(follower.Group, cancellationToken);
            // A generation of another log says nothing here, and would hide what is acknowledged of this one.
            var has = await feed.KnowsAsync(follower, cancellationToken)
                ? follower.HaveGeneration
                : 0;
            var id = await watch._nodes.ConnectAsync(follower, has, cancellationToken);
            Log.Follows(watch._logger, follower.Node, follower.Group, follower.HaveGeneration);
            return new(watch, feed, follower, id, stream);
        }

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            var goal = feed.Head;
            var part = StateHash.TryRead(follower.HaveHash.Span, out var hash)
                ? await feed.ReadAsync(new(follower.HaveGeneration, hash), cancellationToken)
                : await feed.SnapshotAsync(cancellationToken);
            await SendAsync(part, cancellationToken);
            // A snapshot may have been read for another follower before.
            while (part.End.Generation < goal.Generation)
            {
                part = await feed.ReadAsync(part.End, cancellationToken);
                await SendAsync(part, cancellationToken);
            }

            await SendAsync(
                new Update
                {
                    CaughtUp = new()
                    {
                        Generation = part.End.Generation,
                        Hash = ByteString.CopyFrom(part.End.Hash.ToArray()),
                    },
                },
                cancellationToken
            );
            await FollowAsync(part.End, cancellationToken);
        }

        /// <summary>Says that the node's stream is over; the process that ends too has little time for it.</summary>
        public async Task EndAsync()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await SeenAsync(ended: true, limit.Token);
        }

        private async Task FollowAsync(LogPosition position, CancellationToken cancellationToken)
        {
            while (true)
            {
                await feed.WaitAsync(
                    position,
                    watch._options.Heartbeat,
                    watch._time,
                    cancellationToken
                );
                var part =
                    feed.Head == position
                        ? new([], position)
                        : await feed.ReadAsync(position, cancellationToken);
                position = part.End;
                if (part.Updates.Count > 0)
                {
                    await SendAsync(part, cancellationToken);
                }
                else
                {
                    await SendAsync(
                        new Update { Heartbeat = new() { Generation = position.Generation } },
                        cancellationToken
                    );
                }
            }
        }

        private async Task SendAsync(LogPart part, CancellationToken cancellationToken)
        {
            foreach (var update in part.Updates)
            {
                await SendAsync(update, cancellationToken);
            }
        }

        private async Task SendAsync(Update update, CancellationToken cancellationToken)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(watch._options.WriteTimeout);
            await stream.WriteAsync(update, limit.Token);
            if (watch._time.GetElapsedTime(_seen) >= watch._options.Heartbeat / 2)
            {
                _seen = watch._time.GetTimestamp();
                await SeenAsync(ended: false, cancellationToken);
            }
        }

        // Without the database the stream goes on: what the follower has is still good.
        private async Task SeenAsync(bool ended, CancellationToken cancellationToken)
        {
            try
            {
                await watch._nodes.SeenAsync(follower, id, ended, cancellationToken);
            }
            catch (Exception e) when (e is NpgsqlException || ended)
            {
                Log.Unseen(watch._logger, e, follower.Node, follower.Group);
            }
        }
    }
}

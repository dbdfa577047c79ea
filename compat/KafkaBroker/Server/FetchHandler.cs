using KafkaBroker.Protocol;
using KafkaBroker.Storage;

namespace KafkaBroker.Server;

internal sealed class FetchHandler(TopicStore topics, TimeProvider time)
{
    // Older versions carry older record formats, which the broker does not write.
    private const short FirstVersionWithBatches = 4;
    private const int MaxBytes = 55 * 1024 * 1024;

    public async ValueTask<IResponse?> FetchAsync(FetchRequest request, RequestContext context)
    {
        if (request.SessionId != 0)
        {
            return new FetchResponse(ErrorCode.FetchSessionIdNotFound, []);
        }

        if (context.Version < FirstVersionWithBatches)
        {
            return Answer(request, (_, _) => new(ErrorCode.UnsupportedVersion));
        }

        var first = Read(request);
        if (first.IsEnough(request))
        {
            return first.Response;
        }

        first.Release();
        return (await WaitAsync(request, context.Aborted)).Response;
    }

    private async Task<Round> WaitAsync(FetchRequest request, CancellationToken aborted)
    {
        var waiter = new AppendWaiter();
        var logs = request
            .Topics.SelectMany(topic =>
                topic.Partitions.Select(partition =>
                    topics.Find(topic.Name)?.Partition(partition.Index)
                )
            )
            .OfType<PartitionLog>()
            .ToList();
        logs.ForEach(log => log.Watch(waiter));
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var timeIsOver = Task.Delay(
            TimeSpan.FromMilliseconds(request.MaxWait),
            time,
            answered.Token
        );
        try
        {
            while (true)
            {
                var appended = waiter.Next();
                var round = Read(request);
                if (round.IsEnough(request) || timeIsOver.IsCompleted)
                {
                    return round;
                }

                round.Release();
                await Task.WhenAny(appended, timeIsOver);
                aborted.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            logs.ForEach(log => log.Unwatch(waiter));
            await answered.CancelAsync();
        }
    }

    private Round Read(FetchRequest request)
    {
        var left = Math.Min(request.MaxBytes, MaxBytes);
        var read = 0;
        var failed = false;
        var response = Answer(
            request,
            (topic, partition) =>
            {
                var log = topics.Find(topic)?.Partition(partition.Index);
                var result = log is null
                    ? new(ErrorCode.UnknownTopicOrPartition)
                    : log.Read(
                        partition.Offset,
                        Math.Max(0, Math.Min(partition.MaxBytes, left)),
                        evenIfLarger: read == 0
                    );
                var length = result.Records?.Length ?? 0;
                left -= length;
                read += length;
                failed |= result.Error != ErrorCode.None;
                return result;
            }
        );
        return new(response, read, failed);
    }

    private static FetchResponse Answer(
        FetchRequest request,
        Func<string, FetchPartition, ReadResult> read
    ) =>
        new(
            ErrorCode.None,
            [
                .. request.Topics.Select(topic => new TopicResult<FetchPartitionResult>(
                    topic.Name,
                    [
                        .. topic.Partitions.Select(partition =>
                        {
                            var result = read(topic.Name, partition);
                            return new FetchPartitionResult(
                                partition.Index,
                                result.Error,
                                result.StartOffset,
                                result.EndOffset,
                                result.Records
                            );
                        }),
                    ]
                )),
            ]
        );

    /// <summary>One look at all partitions of a request.</summary>
    private sealed record Round(FetchResponse Response, int Bytes, bool Failed)
    {
        public bool IsEnough(FetchRequest request) =>
            Failed || Bytes >= request.MinBytes || request.MaxWait <= 0;

        public void Release()
        {
            foreach (var partition in Response.Topics.SelectMany(topic => topic.Partitions))
            {
                partition.Records?.Dispose();
            }
        }
    }
}

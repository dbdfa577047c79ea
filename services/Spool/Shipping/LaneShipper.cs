using ApiSvc.ServiceDefaults.Data;
using ApiSvc.Spool.Lanes;
using Microsoft.Extensions.Logging;

namespace ApiSvc.Spool.Shipping;

/// <summary>
/// Ships one lane, one batch after the other. Two on the way could arrive with the first missing, and consumers, who know
/// a repeat by its number, would take what is sent again for one.
/// </summary>
internal sealed partial class LaneShipper(
    SpoolLane lane,
    IBatchSender sender,
    ShippingOptions options,
    TimeProvider time,
    ILogger logger
)
{
    private readonly LaneReader _reader = new(lane);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(100), options.LongestPause);
    private int _limit = options.BatchBytes;
    private bool _isAway;

    /// <summary>Ships until told to stop.</summary>
    /// <param name="draining">Ends when everything is shipped.</param>
    /// <param name="stop">Ends at once.</param>
    public async Task RunAsync(CancellationToken draining, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var batch = Read();
            lane.OldestAt = batch?.OldestAt ?? 0;
            if (batch is null && draining.IsCancellationRequested)
            {
                return;
            }

            if (batch is not null)
            {
                await ShipAsync(batch, stop);
            }

            if (batch is not { IsFull: true })
            {
                await PauseAsync(options.BatchInterval, draining);
            }
        }
    }

    private Batch? Read()
    {
        try
        {
            return _reader.Read(_limit);
        }
        catch (IOException failure)
        {
            Log.Unreadable(logger, lane.Index, failure);
            return null;
        }
    }

    private async Task ShipAsync(Batch batch, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && !batch.Segment.IsGone)
        {
            var outcome = await SendAsync(batch, stop);
            switch (outcome.Status)
            {
                case SendStatus.Acknowledged:
                    lane.CountShipped(batch.Count);
                    Settle(batch);
                    return;
                case SendStatus.TooLarge when batch.Count > 1:
                    _limit = batch.Value.Length / 2;
                    Log.Halved(logger, _limit, outcome.Reason);
                    return;
                case SendStatus.TooLarge:
                    lane.CountRejected(1);
                    Log.Rejected(logger, lane.Index, batch.FirstSequence, outcome.Reason);
                    Settle(batch);
                    return;
                default:
                    Note(outcome);
                    await PauseAsync(_backoff.Next(), stop);
                    break;
            }
        }
    }

    private async Task<SendOutcome> SendAsync(Batch batch, CancellationToken stop)
    {
        try
        {
            return await sender.SendAsync(batch, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new(SendStatus.Unavailable, "The service stops.");
        }
        catch (Exception failure)
        {
            // The lane must go on: nothing else would ship its records.
            Log.Failed(logger, lane.Index, failure);
            return new(SendStatus.Unavailable, failure.Message);
        }
    }

    private void Settle(Batch batch)
    {
        _backoff.Reset();
        if (_isAway)
        {
            _isAway = false;
            Log.Resumed(logger, lane.Index);
        }

        _reader.Pass(batch);
        try
        {
            batch.Segment.MarkShipped(batch.EndSequence);
        }
        catch (ObjectDisposedException)
        {
            // Dropped at the spool's bound meanwhile.
        }
        catch (IOException failure)
        {
            // The next process sends it again, and consumers know it.
            Log.NotMarked(logger, lane.Index, failure);
        }
    }

    private void Note(SendOutcome outcome)
    {
        if (!_isAway)
        {
            _isAway = true;
            Log.Away(logger, lane.Index, outcome.Reason);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken until) =>
        await Task.Delay(pause, time, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Kafka does not take records of lane {Lane} ({Reason}); the spool keeps them"
        )]
        public static partial void Away(ILogger logger, int lane, string reason);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Kafka takes records of lane {Lane} again"
        )]
        public static partial void Resumed(ILogger logger, int lane);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Batches are {Bytes} bytes long from now on: {Reason}"
        )]
        public static partial void Halved(ILogger logger, int bytes, string reason);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Record {Sequence} of lane {Lane} is dropped: {Reason}"
        )]
        public static partial void Rejected(
            ILogger logger,
            int lane,
            ulong sequence,
            string reason
        );

        [LoggerMessage(Level = LogLevel.Error, Message = "Lane {Lane} of the spool cannot be read")]
        public static partial void Unreadable(ILogger logger, int lane, Exception failure);

        [LoggerMessage(Level = LogLevel.Error, Message = "Shipping lane {Lane} failed")]
        public static partial void Failed(ILogger logger, int lane, Exception failure);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "It could not be noted up to where Kafka has lane {Lane}"
        )]
        public static partial void NotMarked(ILogger logger, int lane, Exception failure);
    }
}

using ApiSvc.Spool.Lanes;
using ApiSvc.Spool.Segments;
using Microsoft.Extensions.Logging;

namespace ApiSvc.Spool;

/// <summary>
/// The thread that makes files before they are needed and removes those that are done: either would hold up an append
/// for as long as ten thousand of them take. It looks often and is not called, which would be a system call.
/// </summary>
internal sealed partial class SegmentKeeper : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan PaceOfTries = TimeSpan.FromMilliseconds(200);

    private readonly SpoolFolder _folder;
    private readonly SpoolOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // Not the slim one, which spins before it waits.
    private readonly ManualResetEvent _stop = new(initialState: false);
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private long _droppedForBound;
    private long _lostSeen;
    private long _nextTry;
    private long _lostAt;
    private volatile string? _failure;

    public SegmentKeeper(
        SpoolFolder folder,
        SpoolOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        _folder = folder;
        _options = options;
        _time = time;
        _logger = logger;
        _thread = new(Run) { Name = "spool keeper", IsBackground = true };
    }

    /// <summary>Gives every lane its first files, if there is room, and keeps on.</summary>
    public void Begin()
    {
        Tend();
        foreach (var lane in _folder.Lanes)
        {
            lane.Appender?.Begin();
        }

        Tend();
        _thread.Start();
    }

    public SpoolStatus Status()
    {
        var lanes = _folder.Lanes;
        var oldest = lanes
            .Where(l => l.OldestAt != 0)
            .Select(l => l.OldestAt)
            .DefaultIfEmpty()
            .Min();
        var lostAt = Volatile.Read(ref _lostAt);
        return new()
        {
            Appended = lanes.Sum(l => l.Appender?.Appended ?? 0),
            Shipped = lanes.Sum(l => l.Shipped),
            DroppedForRoom = lanes.Sum(l => l.Appender?.Dropped ?? 0),
            DroppedForBound = Volatile.Read(ref _droppedForBound),
            Corrupted = lanes.Sum(l => l.Corrupted),
            Rejected = lanes.Sum(l => l.Rejected),
            Bytes = Held(),
            OldestAt = oldest == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(oldest),
            LostAt = lostAt == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(lostAt),
            Failure = _failure,
        };
    }

    public void Dispose()
    {
        _stop.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.WaitOne(Pace))
        {
            try
            {
                Tend();
            }
            catch (Exception failure)
            {
                // The thread must not end: appending would, when the present files are full.
                Log.Failed(_logger, failure);
                _stop.WaitOne(PaceOfTries);
            }
        }
    }

    private void Tend()
    {
        _folder.Clock.Set(_time.GetUtcNow());
        lock (_gate)
        {
            foreach (var lane in _folder.Lanes)
            {
                if (lane.Appender is { NeedsSegment: true } appender)
                {
                    Provide(lane, appender);
                }
            }

            foreach (var lane in _folder.Lanes)
            {
                lane.Clear();
            }
        }

        NoteLosses();
    }

    private void Provide(SpoolLane lane, LaneAppender appender)
    {
        if (_failure is not null && _time.GetTimestamp() < _nextTry)
        {
            return;
        }

        try
        {
            MakeRoom();
            var number = lane.TakeNumber();
            var segment = Segment.Create(
                _folder.Files.PathOf(lane.Index, number),
                new(_folder.Id, lane.Index, _time.GetUtcNow()),
                _options.SegmentBytes
            );
            lane.Add(segment, number);
            appender.Prepare(segment);
            if (_failure is not null)
            {
                _failure = null;
                Log.Resumed(_logger);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (_failure is null)
            {
                Log.NoRoom(_logger, failure);
            }

            _failure = failure.Message;
            _nextTry =
                _time.GetTimestamp() + (long)(PaceOfTries.TotalSeconds * _time.TimestampFrequency);
        }
    }

    private void MakeRoom()
    {
        while (Held() + _options.SegmentBytes > _options.MaxBytes)
        {
            var oldest = _folder
                .Lanes.SelectMany(l => l.Removable().Select(s => (Lane: l, Segment: s)))
                .MinBy(s => s.Segment.Header.CreatedAt);
            if (oldest.Segment is null)
            {
                throw new IOException("The spool is at its bound, and all its files are in use.");
            }

            Drop(oldest.Lane, oldest.Segment);
        }
    }

    private void Drop(SpoolLane lane, Segment segment)
    {
        var end =
            segment.EndSequence != 0
                ? segment.EndSequence
                : lane.After(segment)?.FirstSequence ?? 0;
        var from = Math.Max(segment.FirstSequence, segment.Shipped);
        lane.Remove(segment);
        segment.Delete();
        if (end > from)
        {
            Interlocked.Add(ref _droppedForBound, (long)(end - from));
            Log.Dropped(_logger, end - from, lane.Index, from);
        }
    }

    private long Held() => _folder.Lanes.Sum(l => l.Length);

    private void NoteLosses()
    {
        var lost = Volatile.Read(ref _droppedForBound);
        foreach (var lane in _folder.Lanes)
        {
            lost += lane.Lost;
        }

        if (lost != _lostSeen)
        {
            _lostSeen = lost;
            Volatile.Write(ref _lostAt, _folder.Clock.Now);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Keeping the spool's files failed")]
        public static partial void Failed(ILogger logger, Exception failure);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "The spool cannot make a file; records are dropped once the present ones are full"
        )]
        public static partial void NoRoom(ILogger logger, Exception failure);

        [LoggerMessage(Level = LogLevel.Information, Message = "The spool can make files again")]
        public static partial void Resumed(ILogger logger);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The spool is at its bound: {Records} records of lane {Lane} from {Sequence} on were dropped"
        )]
        public static partial void Dropped(ILogger logger, ulong records, int lane, ulong sequence);
    }
}

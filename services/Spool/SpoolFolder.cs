using ApiSvc.Spool.Lanes;
using ApiSvc.Spool.Segments;
using Microsoft.Extensions.Logging;

namespace ApiSvc.Spool;

/// <summary>A spool's folder, held by this process alone, with what earlier processes left in it.</summary>
internal sealed partial class SpoolFolder
{
    private readonly string _path;
    private readonly string _boot;
    private readonly FileStream _hold;
    private readonly ILogger _logger;

    private SpoolFolder(string path, FileStream hold, ILogger logger)
    {
        _path = path;
        _hold = hold;
        _logger = logger;
        _boot = SpoolIdentity.ReadBoot();
        Files = new(path);
    }

    public SegmentFolder Files { get; }

    public SpoolClock Clock { get; } = new();

    public Guid Id { get; private set; }

    public IReadOnlyList<SpoolLane> Lanes { get; private set; } = [];

    /// <exception cref="IOException">The folder cannot be used, or another process does.</exception>
    public static SpoolFolder Open(SpoolOptions options, TimeProvider time, ILogger logger)
    {
        var path = Path.GetFullPath(options.Folder);
        Directory.CreateDirectory(path);
        var folder = new SpoolFolder(path, Hold(path), logger);
        try
        {
            folder.Clock.Set(time.GetUtcNow());
            folder.Resume(options.Lanes, time);
            return folder;
        }
        catch
        {
            folder.Leave();
            throw;
        }
    }

    /// <summary>Brings everything to the disk and says so, so that the numbering goes on wherever the disk goes.</summary>
    public void Close()
    {
        try
        {
            foreach (var lane in Lanes)
            {
                if (lane.Appender?.Close() is { } unused)
                {
                    lane.Remove(unused);
                    unused.Delete();
                }

                if (lane.Segments() is [.., var last])
                {
                    last.Flush();
                }
            }

            new SpoolIdentity(Id, _boot, IsClosed: true).Save(_path);
        }
        catch (IOException failure)
        {
            // The next process takes a new numbering if the machine goes down too.
            Log.NotClosed(_logger, failure);
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        foreach (var segment in Lanes.SelectMany(l => l.Segments()))
        {
            segment.Dispose();
        }

        _hold.Dispose();
    }

    private void Resume(int laneCount, TimeProvider time)
    {
        var lanes = Enumerable
            .Range(0, laneCount)
            .Select(i => new SpoolLane(i, new LaneAppender(Clock)))
            .ToList();
        foreach (var (index, number, file) in Files.List())
        {
            while (lanes.Count <= index)
            {
                lanes.Add(new(lanes.Count, appender: null));
            }

            Take(lanes[index], number, file);
        }

        Lanes = lanes;
        Id = ContinueNumbers() ?? NewId(time);
        // Until it is closed, a machine that goes down may lose what was appended.
        new SpoolIdentity(Id, _boot, IsClosed: false).Save(_path);
    }

    private void Take(SpoolLane lane, long number, string file)
    {
        var segment = Segment.Open(file);
        if (segment is null)
        {
            SetAside(file);
        }
        else if (segment.FirstSequence == 0)
        {
            segment.Delete();
        }
        else
        {
            lane.Add(segment, number);
        }
    }

    // Each lane has at least one used file. Where one has not, somebody took it away, with the numbers that it held.
    private Guid? ContinueNumbers()
    {
        var known = SpoolIdentity.Load(_path);
        foreach (var last in Lanes.Select(l => l.Segments()).Where(s => s.Length > 0))
        {
            SegmentScan.CutTorn(last[^1]);
        }

        if (
            known is null
            || !known.GoesOn(_boot)
            || Lanes.Any(l =>
                l.Appender is not null
                && (l.Segments() is not [.., var last] || last.Header.SpoolId != known.Id)
            )
        )
        {
            return null;
        }

        foreach (var lane in Lanes)
        {
            lane.Appender?.Continue(lane.Segments()[^1].EndSequence);
        }

        return known.Id;
    }

    private static Guid NewId(TimeProvider time) =>
        new LaneIds().Next(time.GetUtcNow().ToUnixTimeMilliseconds());

    // A process that ended while it made a file leaves zeros; anything else is worth a look.
    private void SetAside(string file)
    {
        bool isEmpty;
        using (var content = File.OpenHandle(file))
        {
            Span<byte> start = stackalloc byte[SegmentHeader.Length];
            isEmpty = !start[..RandomAccess.Read(content, start, 0)].ContainsAnyExcept((byte)0);
        }

        if (!isEmpty)
        {
            File.Move(file, file + ".unreadable", overwrite: true);
            Log.Unreadable(_logger, file);
        }
        else
        {
            File.Delete(file);
        }
    }

    private static FileStream Hold(string path)
    {
        try
        {
            return new(
                Path.Combine(path, "lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException inUse)
        {
            throw new IOException(
                $"The spool's folder {path} is in use by another process, or cannot be written. Each process needs its own.",
                inUse
            );
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "{File} is no segment of a spool; it was set aside and its records are not shipped"
        )]
        public static partial void Unreadable(ILogger logger, string file);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The spool was left without bringing everything to the disk"
        )]
        public static partial void NotClosed(ILogger logger, Exception failure);
    }
}

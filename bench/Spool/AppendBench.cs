using System.Diagnostics;
using System.Runtime.InteropServices;
using ApiSvc.Spool;
using Microsoft.Extensions.Logging.Abstractions;

namespace ApiSvc.Bench;

/// <summary>What one round measured, of the appending thread alone.</summary>
/// <param name="WallNs">Nanoseconds an append, from one to the next.</param>
/// <param name="CpuNs">Of these, on a processor.</param>
/// <param name="Allocated">Bytes, of all appends together.</param>
internal sealed record Round(double WallNs, double CpuNs, long Allocated);

/// <summary>
/// Appends call records: id, writing in place, checksum, and the change to the next file every few ten thousand. The
/// thread that makes and removes files runs beside it, and the bound removes what nobody ships.
/// </summary>
internal sealed partial class AppendBench : IDisposable
{
    // Between two looks at the clocks, which cost as much as some appends.
    private const int Stretch = 200;
    private const int ThreadTimeClock = 3; // CLOCK_THREAD_CPUTIME_ID

    private readonly string _folder;
    private readonly RecordSpool _spool;
    private readonly SpoolWriter<Guid> _write = SampleRecord.Write;
    private long _time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public AppendBench(string parent)
    {
        _folder = Path.Combine(parent, Path.GetRandomFileName());
        _spool = RecordSpool.Open(
            new()
            {
                Folder = _folder,
                Lanes = 2,
                MaxBytes = 512 << 20,
            },
            TimeProvider.System,
            NullLogger<RecordSpool>.Instance
        );
    }

    /// <summary>How long the appends took that changed the file, in nanoseconds; each was timed alone.</summary>
    public List<double> Changes { get; } = [];

    /// <summary>How often there was no next file yet. The time until there was one is not counted.</summary>
    public int Waits { get; private set; }

    public Round Run(int records)
    {
        var (wall, cpu, allocated) = (0L, 0L, 0L);
        for (var done = 0; done < records; done += Stretch)
        {
            WaitForReserve();
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            var cpuStart = ThreadTime();
            for (var i = 0; i < Stretch; i++)
            {
                Append();
            }

            cpu += ThreadTime() - cpuStart;
            wall += Stopwatch.GetTimestamp() - start;
            allocated += GC.GetAllocatedBytesForCurrentThread() - bytes;
        }

        return new(Nanoseconds(wall) / records, cpu / (double)records, allocated);
    }

    /// <summary>Appends one by one until so many changes of the file were seen.</summary>
    public void RunChanges(int changes)
    {
        while (Changes.Count < changes)
        {
            WaitForReserve();
            var start = Stopwatch.GetTimestamp();
            Append();
            var took = Stopwatch.GetTimestamp() - start;
            if (!HasReserve())
            {
                Changes.Add(Nanoseconds(took));
            }
        }
    }

    /// <returns>Nanoseconds an id.</returns>
    public double RunIds(int count)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            _ = _spool.NewId(_time + (i >> 8));
        }

        return Nanoseconds(Stopwatch.GetTimestamp() - start) / count;
    }

    /// <returns>Nanoseconds a record that is written to ordinary memory.</returns>
    public static double RunWriter(int count)
    {
        var room = new byte[SampleRecord.MaxLength];
        var id = Guid.NewGuid();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            SampleRecord.Write(id, room);
        }

        return Nanoseconds(Stopwatch.GetTimestamp() - start) / count;
    }

    public void Dispose()
    {
        _spool.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Append()
    {
        var id = _spool.NewId(_time++ >> 8);
        if (!_spool.TryAppend(SampleRecord.MaxLength, id, _write, out _))
        {
            throw new InvalidOperationException("There was no room for a record.");
        }
    }

    private void WaitForReserve()
    {
        if (HasReserve())
        {
            return;
        }

        Waits++;
        while (!HasReserve())
        {
            Thread.Sleep(1);
        }
    }

    private bool HasReserve()
    {
        foreach (var lane in _spool.Lanes)
        {
            if (lane.Appender!.NeedsSegment)
            {
                return false;
            }
        }

        return true;
    }

    private static double Nanoseconds(long ticks) => ticks * 1e9 / Stopwatch.Frequency;

    private static long ThreadTime()
    {
        _ = GetTime(ThreadTimeClock, out var time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}

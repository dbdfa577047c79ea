namespace ApiSvc.Spool.Lanes;

/// <summary>Unix time in milliseconds as it was some 10 ms ago at most: reading a clock would cost an append a tenth more.</summary>
internal sealed class SpoolClock
{
    private long _now;

    public long Now => Volatile.Read(ref _now);

    public void Set(DateTimeOffset now) => Volatile.Write(ref _now, now.ToUnixTimeMilliseconds());
}

namespace ApiSvc.ServiceDefaults.Data;

/// <summary>The time as Postgres keeps it, to the microsecond: what is answered at once is what is read later.</summary>
public static class StoredTime
{
    /// <summary>Now, cut to the microsecond.</summary>
    public static DateTimeOffset GetStoredNow(this TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}

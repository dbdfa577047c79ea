namespace ApiSvc.Catalog.Outcomes;

/// <summary>The time as Postgres keeps it, to the microsecond: what is answered at once is what is read later.</summary>
internal static class StoredTime
{
    public static DateTimeOffset GetStoredNow(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}

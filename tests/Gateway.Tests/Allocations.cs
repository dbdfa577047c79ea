namespace ApiSvc.Gateway.Tests;

/// <summary>Measures what a lookup allocates.</summary>
internal static class Allocations
{
    /// <summary>Bytes that a thousand calls allocate, after some that are not counted.</summary>
    public static long Of(Action action)
    {
        for (var i = 0; i < 100; i++)
        {
            action();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

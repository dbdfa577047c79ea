using ApiSvc.Gateway.Tests.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Slow;

/// <summary>A client that sends little at a time: the pace is what the test is about.</summary>
internal static class Drip
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Sends a part in each interval until the gateway answers or ends the connection.</summary>
    /// <returns>The answer; null if there was none.</returns>
    public static async Task<WireAnswer?> UntilCutAsync(
        RawClient client,
        string part,
        TimeSpan interval
    )
    {
        using var stop = new CancellationTokenSource(Patience);
        var reading = ReadAsync(client);
        using var timer = new PeriodicTimer(interval);
        while (!reading.IsCompleted)
        {
            await client.SendAsync(part);
            await timer.WaitForNextTickAsync(stop.Token);
        }

        return await reading;
    }

    /// <summary>Sends so many parts, one in each interval.</summary>
    public static async Task SendAsync(RawClient client, string part, int times, TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        for (var i = 0; i < times; i++)
        {
            await client.SendAsync(part);
            await timer.WaitForNextTickAsync();
        }
    }

    private static async Task<WireAnswer?> ReadAsync(RawClient client)
    {
        try
        {
            return await client.ReadAsync();
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }
}

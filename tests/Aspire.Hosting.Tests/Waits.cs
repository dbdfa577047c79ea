using Aspire.Hosting.ApplicationModel;

namespace ApiSvc.Aspire.Hosting.Tests;

/// <summary>Waits with a deadline.</summary>
internal static class Waits
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static Task<ResourceEvent> StateAsync(
        this DistributedApplication app,
        string resource,
        string state
    ) =>
        app
            .ResourceNotifications.WaitForResourceAsync(
                resource,
                e => e.Snapshot.State?.Text == state
            )
            .WaitAsync(Patience);

    public static Task<ResourceEvent> HealthyAsync(
        this DistributedApplication app,
        string resource
    ) =>
        app
            .ResourceNotifications.WaitForResourceHealthyAsync(
                resource,
                WaitBehavior.StopOnResourceUnavailable
            )
            .WaitAsync(Patience);

    /// <summary>The first line of a resource's log that has a text.</summary>
    public static async Task<string> LineAsync(
        this DistributedApplication app,
        string resource,
        string text
    )
    {
        var logs = app.Services.GetRequiredService<ResourceLoggerService>();
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var lines in logs.WatchAsync(resource).WithCancellation(patience.Token))
        {
            foreach (var line in lines)
            {
                if (line.Content.Contains(text, StringComparison.Ordinal))
                {
                    return line.Content;
                }
            }
        }

        throw new TimeoutException($"No line with '{text}'.");
    }

    public static string? Variable(this ResourceEvent seen, string name) =>
        seen.Snapshot.EnvironmentVariables.FirstOrDefault(v => v.Name == name)?.Value;

    public static int Pid(this ResourceEvent seen) =>
        (int)seen.Snapshot.Properties.First(p => p.Name == "executable.pid").Value!;
}

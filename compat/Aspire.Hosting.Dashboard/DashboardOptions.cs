namespace Aspire.Hosting.Dashboard;

/// <summary>Where the dashboard listens, and what opens it.</summary>
public sealed class DashboardOptions
{
    /// <summary>The port of the pages on loopback; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The port of the OTLP receiver on loopback; 0 takes a free one.</summary>
    public int OtlpPort { get; init; }

    /// <summary>The token of the login address, at least 16 characters; <c>null</c> makes a random one.</summary>
    public string? Token { get; init; }

    /// <summary>The key that senders of telemetry show, at least 16 characters; <c>null</c> makes a random one.</summary>
    public string? OtlpApiKey { get; init; }

    /// <summary>What the pages call the application.</summary>
    public string ApplicationName { get; init; } = "Application";
}

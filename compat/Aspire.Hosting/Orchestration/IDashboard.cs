namespace Aspire.Hosting.Orchestration;

/// <summary>What shows the application. It is started before the resources and stopped after them.</summary>
internal interface IDashboard
{
    /// <summary>Where resources send their telemetry (OTLP over HTTP, protobuf), once it is started.</summary>
    Uri? OtlpEndpoint { get; }

    /// <summary>What they send as <c>x-otlp-api-key</c>, if anything.</summary>
    string? OtlpApiKey { get; }

    Task StartAsync(CancellationToken cancellationToken);

    Task StopAsync(CancellationToken cancellationToken);
}

/// <summary>No dashboard.</summary>
internal sealed class NoDashboard : IDashboard
{
    public Uri? OtlpEndpoint => null;

    public string? OtlpApiKey => null;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

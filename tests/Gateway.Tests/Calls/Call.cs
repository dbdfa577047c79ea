using System.Net;

namespace ApiSvc.Gateway.Tests.Calls;

/// <summary>A request of a test, and what the upstream answers to it.</summary>
internal sealed record Call(string Method, string Target)
{
    public string Id { get; } = Guid.NewGuid().ToString("n");

    public List<(string Name, string Value)> Headers { get; init; } = [];

    public IPAddress Client { get; init; } = IPAddress.Loopback;

    public int UpstreamStatus { get; init; } = 200;

    public List<(string Name, string Value)> UpstreamHeaders { get; init; } = [];

    public Call With(string name, string value) =>
        this with
        {
            Headers = [.. Headers, (name, value)],
        };
}

/// <summary>What the client got, and what the upstream saw of it.</summary>
internal sealed record Reply(
    int Status,
    ILookup<string, string> Headers,
    string Body,
    Seen? Upstream
)
{
    /// <summary>Type of the problem without what all types begin with; null if it is none.</summary>
    public string? Problem =>
        Body.Contains("https://apisvc.dev/problems/", StringComparison.Ordinal)
            ? Body.Split("https://apisvc.dev/problems/")[1].Split('"')[0]
            : null;

    public string? Header(string name) =>
        Headers.Contains(name) ? string.Join(", ", Headers[name]) : null;
}

/// <summary>A request as the upstream saw it.</summary>
internal sealed record Seen(string Method, string Target, ILookup<string, string> Headers)
{
    public string? Header(string name) =>
        Headers.Contains(name) ? string.Join(", ", Headers[name]) : null;
}

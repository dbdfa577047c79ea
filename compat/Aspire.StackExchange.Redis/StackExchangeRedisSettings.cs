namespace Aspire.StackExchange.Redis;

/// <summary>A Redis server, as configuration section <c>Aspire:StackExchange:Redis</c> says.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>How to connect; <c>ConnectionStrings:{name}</c> goes before it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether there is no health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether the connection is made when it is first asked for, not when the host starts.</summary>
    public bool DisableAutoActivation { get; set; }
}

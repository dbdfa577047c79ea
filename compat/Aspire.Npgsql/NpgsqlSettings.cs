namespace Aspire.Npgsql;

/// <summary>A Postgres database, as configuration section <c>Aspire:Npgsql</c> says.</summary>
public class NpgsqlSettings
{
    /// <summary>How to connect; <c>ConnectionStrings:{name}</c> goes before it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether there is no health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether Npgsql's spans are not collected.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Whether Npgsql's meter is not collected.</summary>
    public bool DisableMetrics { get; set; }
}

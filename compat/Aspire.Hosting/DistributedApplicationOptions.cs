namespace Aspire.Hosting;

/// <summary>How an application is built.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>The AppHost's assembly; null: the program's.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>The AppHost's folder; null: as its assembly says.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Whether there is no dashboard.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Means nothing here: resources' logs are always in the host's.</summary>
    public bool EnableResourceLogging { get; set; }

    /// <summary>Means nothing here: all traffic is on the loopback interface.</summary>
    public bool AllowUnsecuredTransport { get; set; }
}

namespace Aspire.Hosting.Dashboard;

/// <summary>A resource, or one replica of it, as the dashboard shows it.</summary>
/// <param name="Name">Its own name, unique in the AppHost; for a replica the model's name and a suffix.</param>
/// <param name="Type">What it is, such as <c>Project</c>.</param>
/// <param name="State">The state's word, such as <c>Running</c>; <c>null</c> before anything happened.</param>
public sealed record DashboardResource(string Name, string Type, string? State)
{
    /// <summary>The name in the model, the same for all replicas; also its telemetry's <c>service.name</c>.</summary>
    public string DisplayName { get; init; } = Name;

    /// <summary>How the state is to be taken.</summary>
    public DashboardTone Tone { get; init; }

    /// <summary>The word for its health; <c>null</c> where nothing checks it.</summary>
    public string? Health { get; init; }

    /// <summary>How the health is to be taken.</summary>
    public DashboardTone HealthTone { get; init; }

    /// <summary>Its health checks, and what each says.</summary>
    public IReadOnlyList<DashboardHealthReport> HealthReports { get; init; } = [];

    /// <summary>Where it can be reached.</summary>
    public IReadOnlyList<DashboardEndpoint> Endpoints { get; init; } = [];

    /// <summary>The environment it was started with.</summary>
    public IReadOnlyList<DashboardVariable> Environment { get; init; } = [];

    /// <summary>Anything else worth knowing, such as the process' id.</summary>
    public IReadOnlyList<DashboardVariable> Properties { get; init; } = [];

    /// <summary>When it started last.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, while it has not started again.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>The code it ended with.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The commands that make sense now.</summary>
    public IReadOnlyList<DashboardCommand> Commands { get; init; } = [];
}

/// <summary>How something is to be taken.</summary>
public enum DashboardTone
{
    /// <summary>Nothing to say, such as stopped on purpose.</summary>
    Neutral,

    /// <summary>On the way, such as starting.</summary>
    Progress,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Works, with a flaw.</summary>
    Warning,

    /// <summary>Broken.</summary>
    Bad,
}

/// <summary>What one health check says.</summary>
/// <param name="Name">The check's.</param>
/// <param name="Status">Its word, such as <c>Healthy</c>.</param>
/// <param name="Tone">How it is to be taken.</param>
/// <param name="Description">Why, in words.</param>
public sealed record DashboardHealthReport(
    string Name,
    string Status,
    DashboardTone Tone,
    string? Description = null
);

/// <summary>An address of a resource.</summary>
/// <param name="Name">The endpoint's name.</param>
/// <param name="Url">The address; a link in the browser if it is http or https.</param>
public sealed record DashboardEndpoint(string Name, string Url);

/// <summary>A name and its value.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value; a browser never gets it when it is secret.</param>
/// <param name="IsSecret">Whether it is known to be a secret; names and values that look like one are hidden as well.</param>
public sealed record DashboardVariable(string Name, string? Value, bool IsSecret = false);

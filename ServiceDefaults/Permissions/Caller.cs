namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>What kind of party a caller is.</summary>
public enum CallerKind
{
    /// <summary>No credentials were given.</summary>
    Anonymous,

    /// <summary>A person, signed in.</summary>
    User,

    /// <summary>A program with an OAuth client of its own.</summary>
    Client,

    /// <summary>Another service of the suite.</summary>
    Service,

    /// <summary>This service itself, in a background job.</summary>
    System,
}

/// <summary>Who makes the current call, as its access token says.</summary>
public sealed record Caller
{
    /// <summary>Nobody known.</summary>
    public static Caller Anonymous { get; } =
        new() { Kind = CallerKind.Anonymous, Subject = "anonymous" };

    /// <summary>What kind of party this is.</summary>
    public required CallerKind Kind { get; init; }

    /// <summary>The token's <c>sub</c>: the public id of a user or client, or the name of a service.</summary>
    public required string Subject { get; init; }

    /// <summary>The OAuth client through which the call came, if any.</summary>
    public string? ClientId { get; init; }

    /// <summary>Roles that hold for the whole platform.</summary>
    public IReadOnlySet<string> PlatformRoles { get; init; } = new HashSet<string>();

    /// <summary>Team id → roles in that team.</summary>
    public IReadOnlyDictionary<Guid, IReadOnlySet<string>> TeamRoles { get; init; } =
        new Dictionary<Guid, IReadOnlySet<string>>();

    /// <summary>The caller of a background job of this service.</summary>
    public static Caller System(string service) =>
        new() { Kind = CallerKind.System, Subject = service };
}

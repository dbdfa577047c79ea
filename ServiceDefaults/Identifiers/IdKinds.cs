namespace ApiSvc.ServiceDefaults.Identifiers;

// The kinds that more than one service speaks of. A service declares its own beside what they name.

/// <summary>An API.</summary>
public sealed class ApiKind : IIdKind
{
    /// <inheritdoc />
    public static string Prefix => "api";
}

/// <summary>An application, which consumes APIs.</summary>
public sealed class ApplicationKind : IIdKind
{
    /// <inheritdoc />
    public static string Prefix => "app";
}

/// <summary>A subscription of an application to an API.</summary>
public sealed class SubscriptionKind : IIdKind
{
    /// <inheritdoc />
    public static string Prefix => "sub";
}

/// <summary>A team.</summary>
public sealed class TeamKind : IIdKind
{
    /// <inheritdoc />
    public static string Prefix => "team";
}

/// <summary>A user.</summary>
public sealed class UserKind : IIdKind
{
    /// <inheritdoc />
    public static string Prefix => "user";
}

/// <summary>A credential: an API key.</summary>
public sealed class KeyKind : IIdKind
{
    /// <inheritdoc />
    public static string Prefix => "key";
}

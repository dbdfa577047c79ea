namespace ApiSvc.Catalog.Export;

/// <summary>How the gateway offers an API: what an exported document says instead of the author's servers and security.</summary>
internal sealed record GatewayOffer
{
    /// <summary>Absolute addresses with the base path, the first the default.</summary>
    public required IReadOnlyList<OfferedServer> Servers { get; init; }

    /// <summary>Any one suffices. Empty: nothing is asked for.</summary>
    public required IReadOnlyList<OfferedSecurity> Security { get; init; }

    /// <summary>Operations with another security, by method in capitals and path template.</summary>
    public IReadOnlyDictionary<
        (string Method, string PathTemplate),
        IReadOnlyList<OfferedSecurity>
    > OperationSecurity { get; init; } =
        new Dictionary<(string, string), IReadOnlyList<OfferedSecurity>>();
}

/// <summary>An address at which the gateway serves the version.</summary>
internal sealed record OfferedServer(string Url, string Description);

/// <summary>A way to authenticate at the gateway.</summary>
internal abstract record OfferedSecurity
{
    private OfferedSecurity() { }

    /// <summary>An API key in a header, or in the query.</summary>
    public sealed record ApiKey(string Name, bool InQuery) : OfferedSecurity;

    /// <summary>An access token by client credentials from the suite's issuer.</summary>
    public sealed record ClientCredentials(string TokenUrl) : OfferedSecurity;

    /// <summary>An access token of another issuer, or an API key, as a bearer token.</summary>
    public sealed record Bearer : OfferedSecurity;

    /// <summary>Nobody needs to say who they are.</summary>
    public sealed record Anonymous : OfferedSecurity;
}

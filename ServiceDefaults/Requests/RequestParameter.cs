namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>Where a parameter is.</summary>
public enum RequestParameterPlace
{
    /// <summary>In the path.</summary>
    Path,

    /// <summary>In the query string.</summary>
    Query,

    /// <summary>A header.</summary>
    Header,
}

/// <summary>
/// Endpoint metadata: a parameter that the handler's signature does not show. OpenAPI lists it, and a query
/// parameter listed so is known.
/// </summary>
/// <param name="Place">Where it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its text is read as.</param>
public sealed record RequestParameter(RequestParameterPlace Place, string Name, Type Type)
{
    /// <summary>Whether a request without it is refused.</summary>
    public bool Required { get; init; }

    /// <summary>What it means, in a sentence.</summary>
    public string? Description { get; init; }

    /// <summary>The least number allowed.</summary>
    public int? Minimum { get; init; }

    /// <summary>The greatest number allowed.</summary>
    public int? Maximum { get; init; }

    /// <summary>What an absent one means.</summary>
    public int? Default { get; init; }
}

namespace ApiSvc.Demo;

/// <summary>Where everything is; section <c>Demo</c>.</summary>
internal sealed record DemoSettings
{
    /// <summary>The environment that the API is deployed to.</summary>
    public const string Environment = "sandbox";

    public const string BasePath = "/demo/shop";

    public required Uri Catalog { get; init; }

    public required Uri Identity { get; init; }

    public required Uri Gateway { get; init; }

    /// <summary>The sample API itself.</summary>
    public required Uri Upstream { get; init; }

    /// <summary>The secret of the client <c>admin</c>.</summary>
    public required string AdminSecret { get; init; }

    /// <summary>Where the result is kept, for its key is shown only once.</summary>
    public required string File { get; init; }
}

/// <summary>What a caller needs to know.</summary>
internal sealed record DemoResult(
    string Team,
    string ApiBasePath,
    string SamplePath,
    string ApiKey,
    string ApplicationId
);

namespace ApiSvc.AppHost.Tests.Documents;

/// <summary>What became of a document.</summary>
/// <param name="Name">Of the document.</param>
internal sealed record DocumentRow(string Name)
{
    /// <summary><c>JSON</c> or <c>YAML</c>.</summary>
    public string Syntax { get; init; } = "";

    /// <summary>Of the specification that it follows.</summary>
    public string Version { get; init; } = "";

    public long Bytes { get; init; }

    public int Operations { get; init; }

    /// <summary>Operations that are served.</summary>
    public int Routable { get; init; }

    /// <summary>How many there are of each severity.</summary>
    public string Findings { get; init; } = "";

    public TimeSpan ImportTime { get; init; }

    /// <summary>From the request to the acknowledgement of the last node.</summary>
    public TimeSpan DeployTime { get; init; }

    /// <summary>Why it is not published, where it rightly is not.</summary>
    public string Refusal { get; init; } = "";

    /// <summary>Operations that were called.</summary>
    public int Called { get; init; }

    /// <summary>Operations of which everything arrived as it was sent, both ways.</summary>
    public int Right { get; init; }

    /// <summary>What was not as it should be.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}

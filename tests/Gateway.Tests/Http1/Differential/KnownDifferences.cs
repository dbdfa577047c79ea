namespace ApiSvc.Gateway.Tests.Http1.Differential;

/// <summary>What the lanes do differently on purpose.</summary>
/// <param name="Name">What differs.</param>
/// <param name="Reason">Why it may.</param>
/// <param name="Applies">Of which calls, by what the engine's lane and the server's did.</param>
/// <param name="Parts">Which parts of the observations then say nothing.</param>
internal sealed record KnownDifference(
    string Name,
    string Reason,
    Func<GeneratedCall, Observation, Observation, bool> Applies,
    params string[] Parts
);

/// <summary>All of them. One that no call shows any more fails the test, too.</summary>
internal static class KnownDifferences
{
    public const string Version10 = "version 1.0";
    public const string RequestChunks = "request chunks";
    public const string RequestTrailers = "request trailers";
    public const string AnswerTrailers = "answer trailers";
    public const string AnswerUntilTheEnd = "answer until the end";

    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        new(
            "trailers of requests",
            "The forwarder of lane 2 sends none on.",
            (call, _, _) => call.Traits.Contains(RequestTrailers),
            "request trailer x-sum"
        ),
        new(
            "trailers of answers",
            "The server of lane 2 sends none over HTTP/1.1.",
            (call, _, _) => call.Traits.Contains(AnswerTrailers),
            "answer trailer x-sum"
        ),
        new(
            "date of the gateway's own answers",
            "Each lane reads the clock itself.",
            (_, one, other) => one["reached"] == "False" && other["reached"] == "False",
            "answer date"
        ),
        new(
            "connection behind a body that nobody read",
            "Of chunks nobody knows how many come: the engine ends the connection, the server of lane 2 reads on for a while.",
            (call, one, _) => call.Traits.Contains(RequestChunks) && one["reached"] == "False",
            "connection",
            "answer connection"
        ),
        new(
            "via of 1.0",
            "The version that the client spoke (RFC 9110 section 7.6.3); lane 2 says 1.1 for both.",
            (call, _, _) => call.Traits.Contains(Version10),
            "request via"
        ),
        new(
            "length of a 205 to HEAD",
            "The engine says what the upstream said; the server of lane 2 leaves out the length of what has no body.",
            (call, one, _) => call.Method == "HEAD" && one["status"] == "205",
            "answer content-length"
        ),
        new(
            "length of no body",
            "The engine says it where the client did; the forwarder of lane 2 by the method.",
            (_, one, _) => one["request body"] == "",
            "request content-length"
        ),
    ];

    /// <summary>Leaves out what differs on purpose.</summary>
    /// <returns>The names of what was left out because it differed.</returns>
    public static IEnumerable<string> Ignore(
        GeneratedCall call,
        Observation first,
        Observation second
    )
    {
        foreach (var known in All.Where(known => known.Applies(call, first, second)))
        {
            if (known.Parts.Any(part => first[part] != second[part]))
            {
                yield return known.Name;
            }

            first.Ignore(known.Parts);
            second.Ignore(known.Parts);
        }
    }
}

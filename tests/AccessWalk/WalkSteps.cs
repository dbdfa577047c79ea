using System.Text.Json;
using System.Text.RegularExpressions;

namespace ApiSvc.AccessWalk;

/// <summary>
/// What is sent to which endpoint, and in which order: a JSON object of endpoints and bodies. Reads that need no body
/// need not stand there. An endpoint can be asked in several ways: <c>GET /v1/apis?teamId={teamId}</c>, and with gRPC
/// a word behind the name.
/// </summary>
internal sealed partial class WalkSteps
{
    private readonly List<(string Name, string Body)> _given;

    private WalkSteps(List<(string, string)> given) => _given = given;

    public static WalkSteps Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        return new([
            .. document.RootElement.EnumerateObject().Select(p => (p.Name, p.Value.GetRawText())),
        ]);
    }

    /// <summary>The calls to make: reads first, then the others in the order that is given.</summary>
    /// <param name="endpoints">All that there are.</param>
    /// <param name="faults">Gets what nobody knows how to call, and what is no endpoint any more.</param>
    public List<WalkStep> For(IReadOnlyList<WalkEndpoint> endpoints, List<string> faults)
    {
        var steps = new List<WalkStep>();
        var byName = endpoints.ToDictionary(e => e.Name, StringComparer.Ordinal);
        foreach (var (name, body) in _given)
        {
            if (byName.TryGetValue(EndpointOf(name), out var endpoint))
            {
                steps.Add(new(endpoint, name, body == "null" ? null : body));
            }
            else
            {
                faults.Add($"{name}: there is no such endpoint any more");
            }
        }

        foreach (var endpoint in endpoints.Where(e => steps.TrueForAll(s => s.Name != e.Name)))
        {
            if (endpoint is { IsRead: true, Method: null })
            {
                steps.Add(new(endpoint, endpoint.Name, Body: null));
            }
            else
            {
                faults.Add($"{endpoint.Name}: the walk does not know what to send");
            }
        }

        return [.. steps.OrderBy(s => !s.Endpoint.IsRead)];
    }

    private static string EndpointOf(string name) =>
        name.Contains(" /", StringComparison.Ordinal) ? name.Split('?')[0] : name.Split(' ')[0];

    [GeneratedRegex(
        "(?<before>[\\w-]*/?)\\{(?<name>\\w+)\\}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    internal static partial Regex Place();
}

/// <summary>A call to be made by everybody.</summary>
internal sealed record WalkStep(WalkEndpoint Endpoint, string Name, string? Body)
{
    /// <summary>
    /// The text with the values in its places. Where a name means two things, a value can be for it behind a segment:
    /// <c>team-clients/clientId</c>.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The walk does not know what to put in a place.</exception>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        WalkSteps
            .Place()
            .Replace(
                text,
                place =>
                {
                    var (before, name) = (place.Groups["before"].Value, place.Groups["name"].Value);
                    return before
                        + (values.TryGetValue(before + name, out var own) ? own : values[name]);
                }
            );
}

using System.Net;
using System.Text.RegularExpressions;
using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.ServiceDefaults.Egress;
using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.AiAdapter.Connections;

/// <summary>
/// Judges connections when they are set. Names of hosts are judged again when connecting: what they stand for may change.
/// </summary>
internal sealed partial class ConnectionRules(CurrentCatalogue catalogue, EgressGuard guard)
{
    // What the adapter sets itself, and what carries secrets, which belong into keys.
    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization",
        "api-key",
        "x-api-key",
        "x-goog-api-key",
        "cookie",
        "proxy-authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
    };

    /// <summary>All that is wrong, by its place in the input.</summary>
    public IReadOnlyList<Violation> FindFaults(ConnectionInput input)
    {
        List<Violation> faults = [];
        if (input.Custom is { } custom)
        {
            faults.AddRange(FindFaults(input.Name, custom));
        }

        var address = input.Custom?.Address;
        if (input.Provider is { } name)
        {
            if (catalogue.Providers.TryGetValue(name, out var provider))
            {
                address = provider.Address;
            }
            else
            {
                faults.Add(
                    new("#/provider", "not_allowed", "Must be the name of one of /v1/providers.")
                );
            }
        }

        faults.AddRange(FindPlaceFaults(address ?? "", input.Places));
        return faults;
    }

    /// <summary>The places in an address: <c>region</c> of <c>https://x.{region}.example</c>.</summary>
    public static IEnumerable<string> PlacesOf(string address) =>
        Place().Matches(address).Select(match => match.Groups["name"].Value).Distinct();

    private static IEnumerable<Violation> FindPlaceFaults(
        string address,
        IReadOnlyDictionary<string, string> places
    )
    {
        var needed = PlacesOf(address).ToHashSet(StringComparer.Ordinal);
        foreach (var name in needed.Where(name => !places.ContainsKey(name)))
        {
            yield return new(
                $"#/places/{name}",
                "required",
                $"The provider's address is {address}: say what {{{name}}} is."
            );
        }

        foreach (var (name, value) in places)
        {
            var at = $"#/places/{name.Replace("~", "~0").Replace("/", "~1")}";
            if (!needed.Contains(name))
            {
                yield return new(
                    at,
                    "unknown_property",
                    needed.Count == 0
                        ? "The provider's address has no places."
                        : $"The provider's address has the places {string.Join(", ", needed)}."
                );
            }
            else if (!PlaceValue().IsMatch(value))
            {
                yield return new(
                    at,
                    "pattern",
                    "Must be letters, digits, points, hyphens and underscores: it becomes a part of an address."
                );
            }
        }
    }

    private IEnumerable<Violation> FindFaults(string name, CustomProvider custom)
    {
        if (catalogue.Providers.ContainsKey(name))
        {
            yield return new(
                "#/name",
                "not_allowed",
                "Is the name of a built-in provider: take another one."
            );
        }

        if (!Families.All.ContainsKey(custom.Family))
        {
            yield return new(
                "#/custom/family",
                "not_allowed",
                $"Must be one of: {string.Join(", ", Families.All.Keys)}."
            );
        }

        if (FindFault(custom) is var (code, detail))
        {
            yield return new("#/custom/address", code, detail);
        }

        if (
            custom.Authentication is { Kind: AuthenticationKind.Header } header
            && (header.Header is not { } named || !Token().IsMatch(named))
        )
        {
            yield return new(
                "#/custom/authentication/header",
                "required",
                "Say which header carries the key."
            );
        }

        foreach (var (key, value) in custom.Headers)
        {
            if (!Token().IsMatch(key) || OwnHeaders.Contains(key) || !HeaderValue().IsMatch(value))
            {
                yield return new(
                    $"#/custom/headers/{key.Replace("~", "~0").Replace("/", "~1")}",
                    "not_allowed",
                    "Must be a header of plain text that the adapter does not set itself; secrets are given as keys."
                );
            }
        }
    }

    private (string Code, string Detail)? FindFault(CustomProvider custom)
    {
        // With its places filled by something, to be read as an address.
        var filled = Place().Replace(custom.Address, "x");
        if (!Uri.TryCreate(filled, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            return ("format", "Must be an absolute address; places in it are written {name}.");
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return ("format", "Must have no user, query or fragment.");
        }

        if (uri.Scheme != Uri.UriSchemeHttps && !custom.Local)
        {
            return (
                "format",
                "Must be an https address: keys are sent there. Plain http is for a provider in the own network, which says local."
            );
        }

        var isLoopback =
            uri.IdnHost.TrimEnd('.') is var host
            && (
                host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            );
        var blocked = guard.Judge(uri) ?? (isLoopback ? guard.Judge(IPAddress.Loopback) : null);
        return blocked is { } reason
            ? ("not_allowed", new EgressBlockedException(uri.IdnHost, reason).Message)
            : null;
    }

    [GeneratedRegex(@"\{(?<name>[a-z][a-zA-Z]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,252}\z", RegexOptions.None, 1000)]
    private static partial Regex PlaceValue();

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\z", RegexOptions.None, 1000)]
    private static partial Regex Token();

    [GeneratedRegex(@"\A[\x20-\x7e]{0,1000}\z", RegexOptions.None, 1000)]
    private static partial Regex HeaderValue();
}

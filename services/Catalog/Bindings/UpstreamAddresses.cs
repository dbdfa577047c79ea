using System.Net;
using ApiSvc.ServiceDefaults.Egress;
using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.Catalog.Bindings;

/// <summary>
/// Judges addresses of upstreams when they are set. Names are judged again by the gateway, when it connects: what they
/// stand for may change.
/// </summary>
internal sealed class UpstreamAddresses(EgressGuard guard)
{
    // Gateways know where it is: no address to reach it at stands in any configuration.
    private const string SuiteScheme = "apisvc";
    private const string Suite = SuiteScheme + "://";
    private const string AiAdapter = "aiadapter";

    public IEnumerable<Violation> FindFaults(IReadOnlyList<AddressInput> addresses) =>
        addresses
            .Index()
            .Select(a => (a.Index, Fault: FindFault(a.Item.Url, addresses.Count == 1)))
            .Where(a => a.Fault is not null)
            .Select(a => new Violation(
                $"#/addresses/{a.Index}/url",
                a.Fault!.Value.Code,
                a.Fault.Value.Detail
            ));

    private (string Code, string Detail)? FindFault(string url, bool isAlone)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            return ("format", "Must be an absolute http or https address.");
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return ("format", "Must have no user, query or fragment.");
        }

        if (uri.Scheme == SuiteScheme)
        {
            return uri.Authority != AiAdapter
                    ? (
                        "format",
                        $"The suite's service that APIs can be made of is {Suite}{AiAdapter}."
                    )
                : isAlone ? null
                : (
                    "not_allowed",
                    "A service of the suite stands alone: remove the other addresses."
                );
        }

        return Judge(uri) is { } reason
            ? ("not_allowed", new EgressBlockedException(uri.IdnHost, reason).Message)
            : null;
    }

    // The names that always mean the machine itself (RFC 6761 section 6.3).
    private EgressReason? Judge(Uri uri)
    {
        var host = uri.IdnHost.TrimEnd('.');
        var isLocal =
            host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        return guard.Judge(uri) ?? (isLocal ? guard.Judge(IPAddress.Loopback) : null);
    }
}

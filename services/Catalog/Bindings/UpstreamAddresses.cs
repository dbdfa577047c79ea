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
    public IEnumerable<Violation> FindFaults(IReadOnlyList<AddressInput> addresses) =>
        addresses
            .Index()
            .Select(a => (a.Index, Fault: FindFault(a.Item.Url)))
            .Where(a => a.Fault is not null)
            .Select(a => new Violation(
                $"#/addresses/{a.Index}/url",
                a.Fault!.Value.Code,
                a.Fault.Value.Detail
            ));

    private (string Code, string Detail)? FindFault(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            return ("format", "Must be an absolute http or https address.");
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return ("format", "Must have no user, query or fragment.");
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

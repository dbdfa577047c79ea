namespace ApiSvc.ServiceDefaults.Egress;

/// <summary>
/// A call that was not made because of where it leads. The message may go to the client: it names the host that
/// was asked for and the reason, never the address that the name stands for.
/// </summary>
public sealed class EgressBlockedException(string host, EgressReason reason)
    : IOException($"Calls to '{host}' are not allowed: {Sentence(reason)}")
{
    /// <summary>The host as it was asked for.</summary>
    public string Host { get; } = host;

    /// <summary>Why.</summary>
    public EgressReason Reason { get; } = reason;

    private static string Sentence(EgressReason reason) =>
        reason switch
        {
            EgressReason.Scheme => "the address must start with http:// or https://.",
            EgressReason.Downgrade => "a redirect leads from https to http.",
            EgressReason.TooManyRedirects => "it redirects too often.",
            EgressReason.Loopback => "it leads to the machine itself.",
            EgressReason.Private => "it leads into a private network.",
            EgressReason.LinkLocal => "it leads to a link-local address.",
            EgressReason.Shared => "it leads into a carrier's shared network.",
            EgressReason.Platform => "it leads to the hosting platform.",
            EgressReason.Multicast => "it leads to a multicast address.",
            EgressReason.Documentation => "it leads to an address that is for documentation only.",
            EgressReason.Benchmarking => "it leads to an address that is for benchmarks only.",
            _ => "it leads to a reserved address.",
        };
}

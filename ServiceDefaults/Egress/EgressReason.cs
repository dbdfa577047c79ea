namespace ApiSvc.ServiceDefaults.Egress;

/// <summary>Why a call is not made.</summary>
public enum EgressReason
{
    /// <summary>The scheme is neither http nor https.</summary>
    Scheme,

    /// <summary>The host itself: 127.0.0.0/8, ::1, and 0.0.0.0/8 and ::, which connect to it.</summary>
    Loopback,

    /// <summary>A private network (RFC 1918, RFC 4193, site-local).</summary>
    Private,

    /// <summary>Link-local (RFC 3927, RFC 4291), where clouds serve instance metadata.</summary>
    LinkLocal,

    /// <summary>Shared address space of carriers (RFC 6598).</summary>
    Shared,

    /// <summary>An address at which a cloud's platform serves its own guests.</summary>
    Platform,

    /// <summary>Multicast or broadcast.</summary>
    Multicast,

    /// <summary>For documentation (RFC 5737, RFC 3849, RFC 9637).</summary>
    Documentation,

    /// <summary>For benchmarks (RFC 2544, RFC 5180).</summary>
    Benchmarking,

    /// <summary>Reserved or not global unicast.</summary>
    Reserved,

    /// <summary>A redirect leads from https to http.</summary>
    Downgrade,

    /// <summary>More redirects than allowed.</summary>
    TooManyRedirects,
}

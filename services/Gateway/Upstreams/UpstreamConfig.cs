using System.Runtime.InteropServices;

namespace ApiSvc.Gateway.Upstreams;

/// <summary>An address with its share.</summary>
/// <param name="Url">Absolute.</param>
/// <param name="Weight">1 to 1,000.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WeightedAddress(Uri Url, int Weight);

/// <summary>When an address that fails gets no calls for a while.</summary>
/// <param name="Failures">Failures in a row; at least 1.</param>
/// <param name="FirstPause">How long it gets none the first time; doubled each time it fails again at once.</param>
/// <param name="LongestPause">What the doubling ends at.</param>
internal sealed record PassiveHealth(int Failures, TimeSpan FirstPause, TimeSpan LongestPause)
{
    public static PassiveHealth Default { get; } =
        new(5, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
}

/// <summary>How a call to an address ended.</summary>
internal enum UpstreamOutcome
{
    /// <summary>Any answer below 500.</summary>
    Answered,

    /// <summary>An answer of 500 or above.</summary>
    ServerError,

    /// <summary>No connection.</summary>
    ConnectFailed,

    /// <summary>The connection broke, or no answer came in time.</summary>
    NoAnswer,

    /// <summary>The client left; it says nothing about the upstream.</summary>
    Abandoned,
}

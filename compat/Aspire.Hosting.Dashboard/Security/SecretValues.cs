using System.Text.RegularExpressions;

namespace Aspire.Hosting.Dashboard.Security;

/// <summary>Tells which values must not leave the process, marked as secret or not.</summary>
internal static partial class SecretValues
{
    public static bool IsSecret(DashboardVariable variable) =>
        variable.IsSecret
        || Names().IsMatch(variable.Name)
        || (variable.Value is { } value && Values().IsMatch(value));

    // Connection strings and OTLP's headers usually hold one.
    [GeneratedRegex(
        "passw|pwd|secret|token(?!endpoint)|credential|api[-_]?key|private[-_]?key|access[-_]?key|signing[-_]?key|^ConnectionStrings__|_HEADERS$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Names();

    // A password in a connection string, in an address, or a private key.
    [GeneratedRegex(
        "(password|pwd|accountkey|sharedaccesskey)\\s*=|://[^/@\\s]*:[^/@\\s]+@|-----BEGIN [A-Z ]*PRIVATE KEY",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Values();
}

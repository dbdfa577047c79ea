using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ApiSvc.Identity.Rules;

/// <summary>A list of networks in CIDR form (RFC 4632, RFC 4291 section 2.3).</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NetworksAttribute : ValidationAttribute
{
    private const int Most = 100;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var given = ((IEnumerable<string>?)value ?? []).ToList();
        if (given.Count > Most)
        {
            return new($"May have {Most} networks.");
        }

        var wrong = given.FindIndex(n => !IsNetwork(n));
        return wrong < 0
            ? ValidationResult.Success
            : new(
                $"Number {wrong + 1} is not a network in CIDR form, such as 192.0.2.0/24 or 2001:db8::/32 (no bits beyond the prefix)."
            );
    }

    // The platform's reader takes bits beyond the prefix and drops them: more addresses than were meant.
    private static bool IsNetwork(string text) =>
        IPNetwork.TryParse(text, out var network)
        && IPAddress.TryParse(
            text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal)),
            out var address
        )
        && network.BaseAddress.Equals(address);
}

using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>
/// A list of e-mail addresses, by the form that the HTML standard gives (RFC 5322 also has comments and quotes, which no
/// mailbox needs): ASCII, no spaces, no line breaks. At most 20, each once.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed partial class MailAddressesAttribute : ValidationAttribute
{
    /// <summary>How many there may be.</summary>
    public const int Most = 20;

    // RFC 5321 section 4.5.3.1.3: a path has 256 octets, two of which are its brackets.
    private const int Longest = 254;

    /// <summary>Whether this is an address.</summary>
    public static bool IsAddress(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= Longest && Form().IsMatch(text);
    }

    /// <inheritdoc />
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var given = ((IEnumerable<string>?)value ?? []).ToList();
        if (given.Count > Most)
        {
            return new($"May have {Most} addresses.");
        }

        if (given.Distinct(StringComparer.OrdinalIgnoreCase).Count() < given.Count)
        {
            return new("Has an address more than once.");
        }

        var wrong = given.FindIndex(a => !IsAddress(a));
        return wrong < 0
            ? ValidationResult.Success
            : new($"Number {wrong + 1} is not an address such as ops@example.org.");
    }

    [GeneratedRegex(
        @"\A[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\z",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Form();
}

using System.Globalization;

namespace ApiSvc.ServiceDefaults.Audit;

/// <summary>
/// An entry's place and hash as they were published, kept where whoever owns the service's database cannot reach: with
/// Analytics, on <c>apisvc.audit</c>, or on paper. As text: <c>POSITION:HASH</c>, the hash in hexadecimal.
/// </summary>
public sealed record AuditAnchor(long Position, string Hash)
{
    private const int HashDigits = 64;

    /// <summary>Reads one.</summary>
    /// <returns>False if it is none.</returns>
    public static bool TryParse(string text, out AuditAnchor anchor)
    {
        ArgumentNullException.ThrowIfNull(text);
        anchor = new(0, "");
        if (
            text.Split(':') is not [var position, { Length: HashDigits } hash]
            || !long.TryParse(
                position,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
            || number == 0
            || !hash.All(char.IsAsciiHexDigit)
        )
        {
            return false;
        }

        anchor = new(number, Convert.ToHexStringLower(Convert.FromHexString(hash)));
        return true;
    }

    /// <inheritdoc />
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Position}:{Hash}");

    internal static AuditAnchor Of(long position, byte[] hash) =>
        new(position, Convert.ToHexStringLower(hash));
}

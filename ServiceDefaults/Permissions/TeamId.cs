namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>Reads a team's id: <c>team_</c> and 26 digits of Crockford's base 32, or a UUID.</summary>
internal static class TeamId
{
    private const string Prefix = "team_";
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";

    public static bool TryParse(string? text, out Guid id)
    {
        id = Guid.Empty;
        if (text?.StartsWith(Prefix, StringComparison.Ordinal) != true)
        {
            return Guid.TryParseExact(text, "D", out id);
        }

        if (text.Length != Prefix.Length + 26 || text[Prefix.Length] > '7')
        {
            return false;
        }

        UInt128 number = 0;
        foreach (var c in text.AsSpan(Prefix.Length))
        {
            var digit = Digits.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            number = (number << 5) | (uint)digit;
        }

        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        id = new Guid(bytes, bigEndian: true);
        return true;
    }
}

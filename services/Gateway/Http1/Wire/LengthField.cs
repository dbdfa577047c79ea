namespace ApiSvc.Gateway.Http1.Wire;

/// <summary>The value of Content-Length: digits alone (RFC 9110 section 8.6).</summary>
internal static class LengthField
{
    private const int MostDigits = 18;

    /// <returns>The length, or -1 where it is none, or one that no body has.</returns>
    public static long Parse(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.Length > MostDigits)
        {
            return -1;
        }

        var length = 0L;
        foreach (var digit in value)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }

            length = (length * 10) + (digit - '0');
        }

        return length;
    }
}

using System.Text;
using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.Policies.Authentication;

/// <summary>Reads <c>Authorization: Bearer …</c> (RFC 6750 section 2.1).</summary>
internal static class BearerToken
{
    /// <summary>The token; empty if there is none. Schemes have no case (RFC 9110 section 11.1).</summary>
    public static ReadOnlySpan<byte> In(HeaderFields fields)
    {
        var authorization = fields.Get(HeaderName.Authorization);
        return authorization.Length > 7 && Ascii.EqualsIgnoreCase(authorization[..7], "Bearer "u8)
            ? authorization[7..].Trim((byte)' ')
            : default;
    }
}

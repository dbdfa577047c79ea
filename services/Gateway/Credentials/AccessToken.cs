using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Gateway.Credentials;

/// <summary>What an access token says that was checked (RFC 9068 section 2.2).</summary>
internal sealed class AccessToken
{
    private AccessToken(JsonWebToken token, JsonElement claims, IssuerEntry issuer)
    {
        Issuer = issuer;
        Subject = Text(claims, "sub");
        // Others than RFC 9068 name the client by azp (OpenID Connect), cid or appid.
        ClientId =
            Text(claims, "client_id")
            ?? Text(claims, "azp")
            ?? Text(claims, "cid")
            ?? Text(claims, "appid");
        Id = Text(claims, "jti");
        SessionId = Text(claims, "sid");
        Scopes = [.. Words(claims, "scope"), .. Words(claims, "scp")];
        Audiences = [.. token.Audiences];
        ExpiresAt = Time(token.ValidTo);
        IssuedAt = Time(token.IssuedAt);
    }

    public IssuerEntry Issuer { get; }

    /// <summary>The <c>sub</c> claim.</summary>
    public string? Subject { get; }

    /// <summary>The client that got the token.</summary>
    public string? ClientId { get; }

    /// <summary>The <c>jti</c> claim.</summary>
    public string? Id { get; }

    /// <summary>The <c>sid</c> claim.</summary>
    public string? SessionId { get; }

    public IReadOnlyList<string> Scopes { get; }

    public IReadOnlyList<string> Audiences { get; }

    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The beginning of time where the token does not say.</summary>
    public DateTimeOffset IssuedAt { get; }

    public static AccessToken From(JsonWebToken token, IssuerEntry issuer)
    {
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        return new(token, payload.RootElement, issuer);
    }

    /// <summary>Whether it is for one of these; for none of the issuer's own where these are empty.</summary>
    public bool IsFor(IReadOnlyList<string> audiences)
    {
        var accepted = audiences.Count == 0 ? Issuer.Audiences : audiences;
        for (var i = 0; i < accepted.Count; i++)
        {
            for (var j = 0; j < Audiences.Count; j++)
            {
                if (accepted[i] == Audiences[j])
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static string? Text(JsonElement claims, string claim) =>
        claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    // A list in one string (RFC 8693 section 4.2) or, as some issuers write it, an array.
    private static IEnumerable<string> Words(JsonElement claims, string claim)
    {
        if (!claims.TryGetProperty(claim, out var value))
        {
            return [];
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => value
                .GetString()!
                .Split(' ', StringSplitOptions.RemoveEmptyEntries),
            JsonValueKind.Array => value
                .EnumerateArray()
                .Where(e => e.ValueKind == JsonValueKind.String)
                .Select(e => e.GetString()!),
            _ => [],
        };
    }

    private static DateTimeOffset Time(DateTime time) =>
        time == DateTime.MinValue ? DateTimeOffset.MinValue : new(time, TimeSpan.Zero);
}

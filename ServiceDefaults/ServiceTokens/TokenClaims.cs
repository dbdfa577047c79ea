using System.Text.Json;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.ServiceDefaults.ServiceTokens;

/// <summary>
/// Reads the caller from a token's claims: <c>sub</c>, <c>client_id</c>, <c>apisvc_kind</c> (<c>user</c>,
/// <c>client</c> or <c>service</c>), <c>roles</c> (RFC 9068 section 2.2.3.1) and <c>teams</c>, an object of
/// team id → roles.
/// </summary>
internal static class TokenClaims
{
    /// <returns>Null when a claim is missing or of another form.</returns>
    public static Caller? Read(JsonElement claims, RoleTable table)
    {
        if (
            Text(claims, "sub") is not { Length: > 0 } subject
            || Kind(claims) is not { } kind
            || Words(claims, "roles") is not { } roles
            || Teams(claims) is not { } teams
        )
        {
            return null;
        }

        return new Caller
        {
            Kind = kind,
            Subject = subject,
            ClientId = Text(claims, "client_id"),
            PlatformRoles = roles,
            TeamRoles = teams,
            Table = table,
        };
    }

    private static CallerKind? Kind(JsonElement claims) =>
        Text(claims, "apisvc_kind") switch
        {
            "user" => CallerKind.User,
            "client" => CallerKind.Client,
            "service" => CallerKind.Service,
            _ => null,
        };

    private static Dictionary<Guid, IReadOnlySet<string>>? Teams(JsonElement claims)
    {
        var teams = new Dictionary<Guid, IReadOnlySet<string>>();
        if (!claims.TryGetProperty("teams", out var given))
        {
            return teams;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var team in given.EnumerateObject())
        {
            if (!Id<TeamKind>.TryParse(team.Name, out var id) || Words(team.Value) is not { } roles)
            {
                return null;
            }

            teams[id.Value] = roles;
        }

        return teams;
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static HashSet<string>? Words(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) ? Words(value) : [];

    private static HashSet<string>? Words(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
        && value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(e => e.GetString()!)]
            : null;
}

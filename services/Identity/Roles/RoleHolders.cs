using ApiSvc.Identity.Invitations;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Roles;

/// <summary>Who has a role.</summary>
internal static class RoleHolders
{
    /// <returns>Each in words with its id: those who would lose what the role permits.</returns>
    public static async Task<List<string>> ReadAsync(NpgsqlConnection db, string role)
    {
        var rows = await db.QueryAsync<(string Kind, Guid Id, Guid? Team)>(
            """
            select 'user', id, null::uuid from users where @role = any(platform_roles)
            union all
            select 'member', user_id, team_id from members where @role = any(roles)
            union all
            select 'client', id, team_id from team_clients where @role = any(roles) and revoked_at is null
            union all
            select 'client', id, null from platform_clients where @role = any(roles) and revoked_at is null
            union all
            select 'invitation', id, team_id from invitations
            where @role = any(roles) and accepted_at is null and revoked_at is null and expires_at > now()
            order by 1 desc, 2
            """,
            new { role }
        );
        return [.. rows.Select(r => Text(r.Kind, r.Id, r.Team))];
    }

    private static string Text(string kind, Guid id, Guid? team)
    {
        var who = kind switch
        {
            "client" => $"client {new Id<OAuthClientKind>(id)}",
            "invitation" => $"invitation {new Id<InvitationKind>(id)}",
            _ => $"user {new Id<UserKind>(id)}",
        };
        return team is { } t ? $"{who} in team {new Id<TeamKind>(t)}" : who;
    }
}

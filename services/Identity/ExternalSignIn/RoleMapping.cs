using ApiSvc.Contracts.Events.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Teams;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Permissions;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>
/// Gives and takes roles by a provider's claims. Roles that no rule of the provider names are left alone. The commit is the
/// caller's.
/// </summary>
internal sealed partial class RoleMapping(
    UnitOfWork work,
    MemberStore members,
    ILogger<RoleMapping> logger
)
{
    public async Task ApplyAsync(Provider provider, ExternalUser external, Guid user)
    {
        var rules = provider.Options.Roles;
        if (rules.Count == 0)
        {
            return;
        }

        // By configuration, and not by the user, who may not give roles.
        var actor = Actor.System("identity");
        var db = await work.OpenAsync();
        var known = (
            await db.QueryAsync<(string Name, string Reach)>("select name, lower(reach) from roles")
        ).ToHashSet();
        foreach (var team in rules.GroupBy(r => r.Team, StringComparer.Ordinal))
        {
            var reach = team.Key is null ? RoleReach.Platform : RoleReach.Team;
            var usable = team.Where(r =>
                    known.Contains((r.Role, reach.ToString().ToLowerInvariant()))
                )
                .ToList();
            foreach (var rule in team.Except(usable))
            {
                Log.UnknownRole(logger, provider.Id, rule.Role);
            }

            var named = usable.Select(r => r.Role).ToHashSet(StringComparer.Ordinal);
            var given = usable
                .Where(r => external.Has(r.Claim, r.Value))
                .Select(r => r.Role)
                .ToHashSet(StringComparer.Ordinal);
            await (
                team.Key is { } slug
                    ? ApplyInTeamAsync(db, provider, slug, user, named, given, actor)
                    : ApplyOnPlatformAsync(db, user, named, given, actor)
            );
        }
    }

    private async Task ApplyOnPlatformAsync(
        NpgsqlConnection db,
        Guid id,
        HashSet<string> named,
        HashSet<string> given,
        Actor actor
    )
    {
        if (await UserRow.FindAsync(db, id, isLocked: true) is not { } before)
        {
            return;
        }

        var roles = Merge(before.PlatformRoles, named, given);
        var after = before with { PlatformRoles = roles, Version = before.Version + 1 };
        if (
            roles.SequenceEqual(before.PlatformRoles.Order(StringComparer.Ordinal))
            // The last one who could mend a wrong rule stays.
            || (!after.IsAdministrator && await UserStore.IsLastAdministratorAsync(db, before))
        )
        {
            return;
        }

        await db.ExecuteAsync(
            "update users set platform_roles = @PlatformRoles, version = @Version where id = @Id",
            after
        );
        work.Tell(after.PublicId, new UserChanged { User = after.ToMessage() });
        work.AddAudit(
            actor.Did("user.update", after.PublicId, null, before.ToDocument(), after.ToDocument())
        );
    }

    private async Task ApplyInTeamAsync(
        NpgsqlConnection db,
        Provider provider,
        string slug,
        Guid user,
        HashSet<string> named,
        HashSet<string> given,
        Actor actor
    )
    {
        var team = await db.ExecuteScalarAsync<Guid?>(
            "select id from teams where slug = @slug",
            new { slug }
        );
        if (team is not { } id)
        {
            Log.UnknownTeam(logger, provider.Id, slug);
            return;
        }

        await members.ChangeRolesAsync(id, user, roles => Merge(roles, named, given), actor);
    }

    private static string[] Merge(
        IEnumerable<string> before,
        HashSet<string> named,
        HashSet<string> given
    ) => [.. before.Except(named).Union(given).Order(StringComparer.Ordinal)];

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "A rule of the provider '{Provider}' names the role '{Role}', which there is not"
        )]
        public static partial void UnknownRole(ILogger logger, string provider, string role);

        [LoggerMessage(
            LogLevel.Warning,
            "A rule of the provider '{Provider}' names the team '{Team}', which there is not"
        )]
        public static partial void UnknownTeam(ILogger logger, string provider, string team);
    }
}

using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Npgsql;

namespace ApiSvc.Identity.Roles;

/// <summary>
/// Judges who may give which role to somebody: the role is there, holds where it is given, and permits nothing there
/// that its giver may not do there. Whoever may only add members must not become an owner by that.
/// </summary>
internal static class RoleGrants
{
    /// <param name="db">The connection of the transaction that gives them; the roles stay until it ends.</param>
    /// <param name="before">The roles that are there already: they are not given now.</param>
    /// <param name="after">The roles that shall be there.</param>
    /// <param name="team">The team in which they hold; null: the platform.</param>
    /// <param name="actor">Who gives them.</param>
    /// <param name="field">Where they stand in the request, for the violation: <c>#/roles</c>.</param>
    public static async Task<ApiProblem?> JudgeAsync(
        NpgsqlConnection db,
        IReadOnlyCollection<string> before,
        IReadOnlyCollection<string> after,
        Guid? team,
        Actor actor,
        string field = "#/roles"
    )
    {
        var given = after.Except(before, StringComparer.Ordinal).ToList();
        if (given.Count == 0)
        {
            return null;
        }

        var reach = team is null ? RoleReach.Platform : RoleReach.Team;
        var roles = (await RoleRow.HoldAsync(db, given))
            .Where(r => r.ReachValue == reach)
            .ToDictionary(r => r.Name, StringComparer.Ordinal);
        if (given.Find(name => !roles.ContainsKey(name)) is { } unknown)
        {
            var known = (await RoleRow.ReadAsync(db))
                .Where(r => r.ReachValue == reach)
                .Select(r => r.Name);
            return ApiProblem.Invalid(
                new Violation(
                    field,
                    "unknown_role",
                    $"'{unknown}' is none of: {string.Join(", ", known)}."
                )
            );
        }

        var lacking = roles
            .Values.SelectMany(r => r.Permissions)
            .Distinct(StringComparer.Ordinal)
            .Where(p => !(team is { } t ? actor.Caller.Can(p, t) : actor.Caller.Can(p)))
            .ToList();
        return lacking.Count > 0 ? RoleProblems.Escalation(lacking) : null;
    }
}

using ApiSvc.Contracts.Events.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Permissions;
using Dapper;

namespace ApiSvc.Identity.Roles;

/// <summary>Puts this build's built-in roles into the table, which takes a new version if that changes it.</summary>
internal sealed class BuiltInRoleStep : IFirstStep
{
    public async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var work = services.GetRequiredService<UnitOfWork>();
        var db = await work.OpenAsync(cancellationToken);
        await db.ExecuteAsync("select version from role_table_head for update");
        var before = (await RoleRow.ReadAsync(db)).Where(r => r.BuiltIn).ToList();
        var wanted = BuiltInRoles
            .All.Select(r => new RoleRow(
                r.Name,
                r.Reach.ToString(),
                [.. r.Permissions.Order(StringComparer.Ordinal)],
                BuiltIn: true
            ))
            .ToList();
        if (Text(before).SequenceEqual(Text(wanted)))
        {
            return;
        }

        await db.ExecuteAsync(
            "delete from roles where built_in and name <> all(@names)",
            new { names = wanted.ConvertAll(r => r.Name) }
        );
        await db.ExecuteAsync(
            """
            insert into roles (name, reach, permissions, built_in)
            values (@Name, @Reach, @Permissions, @BuiltIn)
            on conflict (name) do update set reach = excluded.reach, permissions = excluded.permissions,
              built_in = true, version = roles.version + 1
            """,
            wanted
        );
        await RoleTableHead.AdvanceAsync(db);
        var table = await RoleRow.ReadTableAsync(db);
        work.Tell(key: null, new RoleTableChanged { RoleTable = table });
        work.AddAudit(
            Actor
                .System("identity")
                .Did(
                    "role-table.update",
                    table.Version.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    team: null,
                    before.Select(r => r.ToDocument()).ToList(),
                    wanted.Select(r => r.ToDocument()).ToList()
                )
        );
        await work.CommitAsync(cancellationToken);
    }

    private static IEnumerable<string> Text(IEnumerable<RoleRow> roles) =>
        roles
            .Select(r => $"{r.Name} {r.Reach} {string.Join(' ', r.Permissions)}")
            .Order(StringComparer.Ordinal);
}

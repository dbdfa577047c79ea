using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Connections;
using ApiSvc.AiAdapter.Outcomes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Problems;
using Npgsql;

namespace ApiSvc.AiAdapter.OwnModels;

/// <summary>What teams say of models.</summary>
internal sealed class OwnModelRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    CurrentCatalogue catalogue,
    UuidGenerator ids,
    TimeProvider time
) : TeamRegistry<OwnModelRow>(OwnModelRow.Table, "ai-model", "model", work, database)
{
    public async Task<Outcome<OwnModelRow>> CreateAsync(Guid team, OwnModelInput input, Actor actor)
    {
        var row = new OwnModelRow
        {
            Id = ids.Next(),
            TeamId = team,
            Version = 1,
            CreatedAt = time.GetStoredNow(),
        }.With(input);
        return await FindFaultsAsync(await Work.OpenAsync(), row) is { Count: > 0 } faults
            ? ApiProblem.Invalid(faults)
            : await InsertAsync(row, actor);
    }

    public Task<Outcome<OwnModelRow>> UpdateAsync(
        Guid team,
        Guid id,
        OwnModelInput input,
        Precondition precondition,
        Actor actor
    ) =>
        UpdateAsync(
            team,
            id,
            precondition,
            actor,
            async (db, before) =>
            {
                var after = before.With(input) with { Version = before.Version + 1 };
                return await FindFaultsAsync(db, after) is { Count: > 0 } faults
                    ? ApiProblem.Invalid(faults)
                    : after;
            }
        );

    private async Task<List<Violation>> FindFaultsAsync(NpgsqlConnection db, OwnModelRow row)
    {
        List<Violation> faults =
        [
            .. row.ReadPrices()
                .Problems.Select(p => new Violation(Pointer(p.Path), "invalid", p.Message)),
        ];
        if (row.Provider is { } provider && !catalogue.Providers.ContainsKey(provider))
        {
            faults.Add(
                new("#/provider", "not_allowed", "Must be the name of one of /v1/providers.")
            );
        }

        if (
            row.ConnectionId is { } connection
            && await ConnectionRow.Table.FindAsync(db, row.TeamId, connection, "for share") is null
        )
        {
            faults.Add(new("#/connectionId", "not_allowed", "The team has no such connection."));
        }

        return faults;
    }

    // prices[0].tiers.flex is #/prices/0/tiers/flex.
    private static string Pointer(string path) =>
        $"#/{path.TrimStart('.').Replace("[", "/").Replace("]", "").Replace('.', '/')}";
}

using System.Data;
using ApiSvc.AiAdapter.Aliases;
using ApiSvc.AiAdapter.Connections;
using ApiSvc.AiAdapter.Money;
using ApiSvc.AiAdapter.OwnModels;
using ApiSvc.AiAdapter.ProviderKeys;
using ApiSvc.AiAdapter.VirtualModels;
using Dapper;
using Npgsql;

namespace ApiSvc.AiAdapter.Configuration;

/// <summary>Reads what teams have set, all of it as of one moment.</summary>
internal sealed class ConfigurationReader(NpgsqlDataSource database)
{
    private const string Sql = """
        select * from connection where @all or team_id = any(@teams);
        select * from provider_key where @all or team_id = any(@teams) order by id;
        select * from own_model where @all or team_id = any(@teams);
        select * from virtual_model where @all or team_id = any(@teams) order by id;
        select * from model_name where @all or team_id = any(@teams);
        select * from budget where @all or team_id = any(@teams) order by id;
        """;

    /// <param name="teams">Those wanted; null: all.</param>
    /// <returns>One for each team that has anything.</returns>
    public async Task<IReadOnlyList<TeamSource>> ReadAsync(
        IReadOnlyCollection<Guid>? teams,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await db.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        await using var rows = await db.QueryMultipleAsync(
            new CommandDefinition(
                Sql,
                new { all = teams is null, teams = (teams ?? []).ToArray() },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        var connections = (await rows.ReadAsync<ConnectionRow>()).ToLookup(r => r.TeamId);
        var keys = (await rows.ReadAsync<ProviderKeyRow>()).ToLookup(r => r.TeamId);
        var ownModels = (await rows.ReadAsync<OwnModelRow>()).ToLookup(r => r.TeamId);
        var virtualModels = (await rows.ReadAsync<VirtualModelRow>()).ToLookup(r => r.TeamId);
        var names = (await rows.ReadAsync<AliasRow>()).ToLookup(r => r.TeamId);
        var budgets = (await rows.ReadAsync<BudgetRow>()).ToLookup(r => r.TeamId);
        return
        [
            .. connections
                .Select(r => r.Key)
                .Union(ownModels.Select(r => r.Key))
                .Union(virtualModels.Select(r => r.Key))
                .Union(budgets.Select(r => r.Key))
                .Select(team => new TeamSource(
                    team,
                    keys[team].ToLookup(r => r.ConnectionId),
                    connections[team].ToDictionary(r => r.Id),
                    [.. ownModels[team]],
                    [.. virtualModels[team]],
                    names[team].ToLookup(r => r.VirtualModelId),
                    [.. budgets[team]]
                )),
        ];
    }
}

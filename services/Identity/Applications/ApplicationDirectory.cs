using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Grpc.Core;
using Npgsql;

namespace ApiSvc.Identity.Applications;

/// <summary>
/// To which team an application belongs: as Identity has noted it, else as the catalog says. Others may not even know
/// of an application.
/// </summary>
internal sealed partial class ApplicationDirectory(
    NpgsqlDataSource database,
    Contracts.Catalog.V1.Applications.ApplicationsClient catalog,
    ILogger<ApplicationDirectory> logger
) : ITeamLookup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static ApiProblem CatalogAway { get; } =
        new()
        {
            Status = 503,
            Code = "catalog-unavailable",
            Detail = "The catalog, which knows the application, does not answer. Try again.",
            RetryAfter = 2,
        };

    /// <inheritdoc />
    /// <exception cref="ApiProblemException">503: the application is not known here and the catalog is away.</exception>
    public async ValueTask<Ownership?> FindAsync(
        string id,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (!Id<ApplicationKind>.TryParse(id, out var application))
        {
            return null;
        }

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        if (await ReadAsync(db, application.Value) is not { } known)
        {
            if (await AskAsync(application, cancellationToken) is not { } team)
            {
                return null;
            }

            // Should its deletion be told meanwhile, that row stays.
            await db.ExecuteAsync(
                "insert into applications (id, team_id) values (@id, @team) on conflict do nothing",
                new { id = application.Value, team }
            );
            known = (await ReadAsync(db, application.Value))!;
        }

        return known.DeletedAt is null ? new Ownership(known.TeamId, IsVisible: false) : null;
    }

    private static Task<Row?> ReadAsync(NpgsqlConnection db, Guid id) =>
        db.QuerySingleOrDefaultAsync<Row>(
            "select team_id as teamId, deleted_at as deletedAt from applications where id = @id",
            new { id }
        );

    private async Task<Guid?> AskAsync(Id<ApplicationKind> id, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await catalog.GetApplicationAsync(
                new GetApplicationRequest { Id = id.ToString() },
                deadline: DateTime.UtcNow + Patience,
                cancellationToken: cancellationToken
            );
            return Id<TeamKind>.Parse(answer.TeamId).Value;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
        catch (Exception e)
            when (e is RpcException or HttpRequestException
                && !cancellationToken.IsCancellationRequested
            )
        {
            Log.Away(logger, id.ToString(), e.Message);
            throw new ApiProblemException(CatalogAway);
        }
    }

    private sealed record Row(Guid TeamId, DateTime? DeletedAt);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The catalog did not tell of {Application}: {Reason}")]
        public static partial void Away(ILogger logger, string application, string reason);
    }
}

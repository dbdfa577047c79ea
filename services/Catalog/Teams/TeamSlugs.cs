using ApiSvc.Contracts.Identity.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Grpc.Core;
using Npgsql;

namespace ApiSvc.Catalog.Teams;

/// <summary>What teams are called, which Identity knows.</summary>
internal interface ITeamSlugs
{
    /// <returns>Null while Identity cannot say, or knows no such team.</returns>
    Task<string?> AskAsync(Guid team, CancellationToken cancellationToken);
}

/// <summary>Asks Identity.</summary>
internal sealed partial class IdentityTeamSlugs(
    ApiSvc.Contracts.Identity.V1.Teams.TeamsClient identity,
    ILogger<IdentityTeamSlugs> logger
) : ITeamSlugs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<string?> AskAsync(Guid team, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await identity.GetTeamAsync(
                new GetTeamRequest { Id = new Id<TeamKind>(team).ToString() },
                deadline: DateTime.UtcNow + Patience,
                cancellationToken: cancellationToken
            );
            return answer.Slug.Length == 0 ? null : answer.Slug;
        }
        catch (RpcException e)
        {
            Log.Unknown(logger, team, e.StatusCode, e.Status.Detail);
            return null;
        }
        catch (HttpRequestException e)
        {
            Log.Unknown(logger, team, StatusCode.Unavailable, e.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Identity does not say what team {Team} is called: {Code} {Reason}"
        )]
        public static partial void Unknown(
            ILogger logger,
            Guid team,
            StatusCode code,
            string reason
        );
    }
}

/// <summary>Slugs of teams, remembered: default base paths start with them, and other teams' may not.</summary>
internal sealed class TeamDirectory(ITeamSlugs source)
{
    public async Task<string?> SlugAsync(
        NpgsqlConnection db,
        Guid team,
        CancellationToken cancellationToken
    )
    {
        var known = await db.QuerySingleOrDefaultAsync<string>(
            "select slug from team where id = @team",
            new { team }
        );
        if (known is not null || await source.AskAsync(team, cancellationToken) is not { } slug)
        {
            return known;
        }

        await db.ExecuteAsync(
            "insert into team (id, slug) values (@team, @slug) on conflict (id) do update set slug = @slug",
            new { team, slug }
        );
        return slug;
    }
}

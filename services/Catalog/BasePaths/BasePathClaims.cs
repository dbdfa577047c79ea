using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Catalog.Teams;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.BasePaths;

/// <summary>
/// Gives each API its base paths. A path is one API's alone on a host; one that lies under or above another team's waits
/// for the platform's approval, and until then is not deployed.
/// </summary>
internal sealed class BasePathClaims(
    UnitOfWork work,
    TeamDirectory teams,
    UuidGenerator ids,
    TimeProvider time
)
{
    // One claim at a time: whether two paths lie under each other no unique index can say.
    private const string Lock =
        "select pg_advisory_xact_lock(hashtextextended('catalog.base-path', 0))";

    /// <summary>What a version is served under where nothing was said: <c>/{team}/{api}</c>.</summary>
    public async Task<Outcome<string>> DefaultAsync(ApiRow api, CancellationToken cancellationToken)
    {
        var db = await work.OpenAsync(cancellationToken);
        return await teams.SlugAsync(db, api.TeamId, cancellationToken) is { } slug
            ? $"/{slug}/{api.Slug}"
            : new ApiProblem
            {
                Status = 503,
                Code = "team-unknown",
                Detail =
                    "The default base path begins with the team's slug, which Identity does not say now. Give basePath, or try again.",
                RetryAfter = 5,
            };
    }

    /// <summary>Takes the path for the API, or finds that it has it.</summary>
    public async Task<Outcome<BasePathRow>> ClaimAsync(
        ApiRow api,
        string host,
        string path,
        Caller caller
    )
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync(Lock);
        var holder = await db.QuerySingleOrDefaultAsync<BasePathRow>(
            "select * from base_path where host = @host and path = @path",
            new { host, path }
        );
        if (holder?.ApiId == api.Id)
        {
            return holder;
        }

        var reason = caller.Can("base-paths.approve")
            ? null
            : await ReasonForApprovalAsync(db, api.TeamId, host, path);
        if (holder is not null)
        {
            // Who only asked for it gives way to who needs not ask.
            if (holder.Approved || holder.TeamId == api.TeamId || reason is not null)
            {
                return TakenProblem(holder, api, host, path);
            }

            await db.ExecuteAsync("delete from base_path where id = @Id", new { holder.Id });
        }

        var row = new BasePathRow
        {
            Id = ids.Next(),
            Host = host,
            Path = path,
            ApiId = api.Id,
            TeamId = api.TeamId,
            Approved = reason is null,
            Reason = reason ?? "",
            CreatedAt = time.GetStoredNow(),
        };
        await db.ExecuteAsync(
            """
            insert into base_path (id, host, path, api_id, team_id, approved, reason, created_at)
            values (@Id, @Host, @Path, @ApiId, @TeamId, @Approved, @Reason, @CreatedAt)
            """,
            row
        );
        return row;
    }

    /// <summary>Gives back what no version of the API uses or serves any more.</summary>
    public async Task ReleaseUnusedAsync(Guid api)
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            """
            delete from base_path b where b.api_id = @api
              and not exists (
                select from api_version v where v.api_id = @api and v.host = b.host and v.base_path = b.path)
              and not exists (
                select from deployment d join api_version v on v.id = d.version_id
                where v.api_id = @api and d.host = b.host and d.base_path = b.path)
            """,
            new { api }
        );
    }

    private static async Task<string?> ReasonForApprovalAsync(
        NpgsqlConnection db,
        Guid team,
        string host,
        string path
    )
    {
        // An API without a host answers on every host, so it overlaps with those that have one.
        var overlaps = await db.ExecuteScalarAsync<bool>(
            """
            select exists (
              select from base_path b
              where b.team_id <> @team and b.approved and (b.host = @host or b.host = '' or @host = '')
                and (b.path = @path or starts_with(b.path, @path || '/') or starts_with(@path, b.path || '/')))
            """,
            new
            {
                team,
                host,
                path,
            }
        );
        if (overlaps)
        {
            return "It lies at, under or above a base path of another team.";
        }

        var isNamedAfterAnother = await db.ExecuteScalarAsync<bool>(
            """
            select exists (select from team t where t.slug = split_part(@path, '/', 2) and t.id <> @team)
              and not exists (select from team t where t.slug = split_part(@path, '/', 2) and t.id = @team)
            """,
            new { team, path }
        );
        return isNamedAfterAnother ? "It begins with the slug of another team." : null;
    }

    private static ApiProblem TakenProblem(BasePathRow holder, ApiRow api, string host, string path)
    {
        var where = host.Length == 0 ? "" : $" on {host}";
        var whose =
            holder.TeamId == api.TeamId
                ? $"the team's API {new Id<ApiKind>(holder.ApiId)}"
                : "an API of another team";
        return Problems.Taken(
            "base-path-taken",
            $"The base path {path}{where} belongs to {whose}. Choose another, such as one that begins with your team's slug."
        );
    }
}

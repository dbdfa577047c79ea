using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.BasePaths;
using ApiSvc.Catalog.Changes;
using ApiSvc.Catalog.Compilation;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Catalog.Versions;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Sync;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Deployments;

/// <summary>A change of what is served, committed.</summary>
internal sealed record Deployed(RevisionRow Revision, string Group, ulong Generation);

/// <summary>Makes revisions and gives them to the gateways, and takes them away again.</summary>
internal sealed class Deployer(
    UnitOfWork work,
    BasePathClaims basePaths,
    GatewayResources gateways,
    CatalogEvents events,
    UuidGenerator ids,
    TimeProvider time
)
{
    public async Task<Outcome<Deployed>> DeployAsync(
        Guid versionId,
        string environment,
        string comment,
        Actor actor
    )
    {
        var found = await FindAsync(versionId, environment);
        if (!found.IsRight)
        {
            return found.Problem;
        }

        var place = found.Value;
        var db = await work.OpenAsync();
        if (FindObstacle(place) is { } obstacle)
        {
            return obstacle;
        }

        var number =
            1
            + await db.ExecuteScalarAsync<long>(
                "select coalesce(max(number), 0) from revision where version_id = @versionId and environment = @environment",
                new { versionId, environment }
            );
        var content = await RevisionBuilder.BuildAsync(
            db,
            place.Api,
            place.Version,
            environment,
            (uint)number
        );
        if (!content.IsRight)
        {
            return content.Problem;
        }

        if (RevisionCheck.Find(content.Value) is { Count: > 0 } faults)
        {
            return Problems.NotNow(
                "not-deployable",
                "The version contradicts itself; gateways could not serve it.",
                faults
            );
        }

        var row = new RevisionRow
        {
            Id = ids.Next(),
            VersionId = versionId,
            Environment = environment,
            Number = number,
            Author = actor.Caller.Subject,
            Comment = comment,
            Current = true,
            CreatedAt = time.GetStoredNow(),
        };
        await AddAsync(db, row, content.Value);
        return await ServeAsync(db, place, row, content.Value, "deployment.deploy", comment, actor);
    }

    private static Task<int> AddAsync(
        NpgsqlConnection db,
        RevisionRow row,
        RevisionContent revision
    ) =>
        db.ExecuteAsync(
            """
            insert into revision (id, version_id, environment, number, author, comment, content, created_at)
            values (@Id, @VersionId, @Environment, @Number, @Author, @Comment, @content, @CreatedAt)
            """,
            new
            {
                row.Id,
                row.VersionId,
                row.Environment,
                row.Number,
                row.Author,
                row.Comment,
                content = revision.ToBytes(),
                row.CreatedAt,
            }
        );

    public async Task<Outcome<Deployed>> RollBackAsync(
        Guid versionId,
        string environment,
        long toRevision,
        string comment,
        Actor actor
    )
    {
        var found = await FindAsync(versionId, environment);
        if (!found.IsRight)
        {
            return found.Problem;
        }

        var db = await work.OpenAsync();
        if (FindObstacle(found.Value) is { } obstacle)
        {
            return obstacle;
        }

        var row = await db.QuerySingleOrDefaultAsync<RevisionRow>(
            $"select {RevisionRow.Columns} from revision r where version_id = @versionId and environment = @environment and number = @toRevision",
            new
            {
                versionId,
                environment,
                toRevision,
            }
        );
        if (row is null)
        {
            return ApiProblem.NotFound;
        }

        var bytes = await db.ExecuteScalarAsync<byte[]>(
            "select content from revision where id = @Id",
            new { row.Id }
        );
        return await ServeAsync(
            db,
            found.Value,
            row with
            {
                Current = true,
            },
            RevisionContent.FromBytes(bytes),
            "deployment.roll-back",
            comment,
            actor
        );
    }

    public async Task<Outcome<Deployed>> UndeployAsync(
        Guid versionId,
        string environment,
        string comment,
        Actor actor
    )
    {
        var found = await FindAsync(versionId, environment);
        if (!found.IsRight)
        {
            return found.Problem;
        }

        var place = found.Value;
        var db = await work.OpenAsync();
        var revision = await db.QuerySingleOrDefaultAsync<RevisionRow>(
            $"select {RevisionRow.Columns} from revision r join deployment c on c.revision_id = r.id where c.version_id = @versionId and c.environment = @environment",
            new { versionId, environment }
        );
        if (revision is null)
        {
            return Problems.NotNow("not-deployed", $"It is not deployed in {environment}.");
        }

        await db.ExecuteAsync(
            "delete from deployment where version_id = @versionId and environment = @environment",
            new { versionId, environment }
        );
        await basePaths.ReleaseUnusedAsync(place.Api.Id);
        gateways.Delete(place.Group, ResourceKind.Api, versionId);
        return await FinishAsync(
            place,
            revision with
            {
                Current = false,
            },
            "deployment.undeploy",
            comment,
            actor
        );
    }

    // The API's row first: what its versions share, their base path, is decided one at a time.
    private async Task<Outcome<Place>> FindAsync(Guid versionId, string environment)
    {
        var db = await work.OpenAsync();
        var group = await db.QuerySingleOrDefaultAsync<string>(
            "select gateway_group from environment where name = @environment",
            new { environment }
        );
        var apiId = await db.QuerySingleOrDefaultAsync<Guid?>(
            "select api_id from api_version where id = @versionId",
            new { versionId }
        );
        if (
            group is null
            || apiId is null
            || await ApiRow.FindAsync(db, apiId.Value, forChange: true) is not { } api
            || await VersionRow.FindAsync(db, versionId, forChange: true) is not { } version
        )
        {
            return ApiProblem.NotFound;
        }

        return new Place(api, version, environment, group);
    }

    private static ApiProblem? FindObstacle(Place place) =>
        place.Version.State switch
        {
            VersionState.Retired => Problems.NotNow(
                "retired",
                "A retired version is not deployed any more."
            ),
            VersionState.Draft or VersionState.InReview when place.Environment != "sandbox" =>
                Problems.NotNow(
                    "not-approved",
                    $"Outside the sandbox a version is deployed once it is approved; it is {place.Version.State}."
                ),
            _ => null,
        };

    private async Task<Outcome<Deployed>> ServeAsync(
        NpgsqlConnection db,
        Place place,
        RevisionRow revision,
        RevisionContent content,
        string action,
        string comment,
        Actor actor
    )
    {
        var claim = await basePaths.ClaimAsync(
            place.Api,
            content.Host,
            content.BasePath,
            actor.Caller
        );
        if (!claim.IsRight)
        {
            return claim.Problem;
        }

        if (!claim.Value.Approved)
        {
            return Problems.NotNow(
                "base-path-unapproved",
                $"The base path {content.BasePath} waits for the platform's approval. {claim.Value.Reason}"
            );
        }

        if (await FindClashAsync(db, place, content) is { } clash)
        {
            return clash;
        }

        var compiled = RevisionCompiler.Compile(content, place.Version.Standing);
        var size = compiled.Body.CalculateSize();
        if (size > ResourceChange.MaxBodyLength)
        {
            return Problems.NotNow(
                "too-large",
                $"Compiled it has {size} bytes, and a gateway takes {ResourceChange.MaxBodyLength}. Split the API."
            );
        }

        await db.ExecuteAsync(
            """
            insert into deployment (version_id, environment, revision_id, host, base_path, selector)
            values (@VersionId, @Environment, @Id, @Host, @BasePath, @selector::jsonb)
            on conflict (version_id, environment) do update
            set revision_id = excluded.revision_id, host = excluded.host, base_path = excluded.base_path,
              selector = excluded.selector
            """,
            new
            {
                revision.VersionId,
                revision.Environment,
                revision.Id,
                content.Host,
                content.BasePath,
                selector = content.Selector is null ? null : Stored.Write(content.Selector),
            }
        );
        await basePaths.ReleaseUnusedAsync(place.Api.Id);
        gateways.Put(place.Group, compiled);
        return await FinishAsync(place, revision, action, comment, actor);
    }

    // Versions of an API may share a base path if each request says which it means.
    private static async Task<ApiProblem?> FindClashAsync(
        NpgsqlConnection db,
        Place place,
        RevisionContent content
    )
    {
        var others = await db.QueryAsync<(string Name, string? Selector)>(
            """
            select v.name, d.selector from deployment d join api_version v on v.id = d.version_id
            where d.environment = @Environment and d.host = @Host and d.base_path = @BasePath and d.version_id <> @Id
            """,
            new
            {
                place.Environment,
                content.Host,
                content.BasePath,
                place.Version.Id,
            }
        );
        foreach (var (name, json) in others)
        {
            var other = json is null ? null : Stored.Read<RevisionSelector>(json);
            if (
                other is null
                || content.Selector is not { } own
                || own.Source != other.Source
                || !own.Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase)
                || own.Value == other.Value
                || (own.IsDefault && other.IsDefault)
            )
            {
                return Problems.NotNow(
                    "base-path-shared",
                    $"Version '{name}' is deployed at {content.BasePath} in {place.Environment}. Give this version another base path, or both a selector of the same source and name with different values, at most one of them the default."
                );
            }
        }

        return null;
    }

    private async Task<Deployed> FinishAsync(
        Place place,
        RevisionRow revision,
        string action,
        string comment,
        Actor actor
    )
    {
        work.AddAudit(
            actor.Did(
                action,
                place.Version.PublicId,
                place.Api.TeamId,
                after: new
                {
                    place.Environment,
                    Revision = revision.Number,
                    Comment = comment,
                }
            )
        );
        var generations = await gateways.AppendAsync();
        var generation = generations[place.Group];
        events.Deployed(place.Api, revision.ToMessage(), generation);
        await work.CommitAsync();
        return new Deployed(revision, place.Group, generation);
    }

    private sealed record Place(ApiRow Api, VersionRow Version, string Environment, string Group);
}

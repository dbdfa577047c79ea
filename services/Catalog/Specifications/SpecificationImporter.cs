using System.Security.Cryptography;
using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.BasePaths;
using ApiSvc.Catalog.Changes;
using ApiSvc.Catalog.Compilation;
using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Catalog.Versions;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace ApiSvc.Catalog.Specifications;

/// <summary>What to import, and as what.</summary>
/// <param name="BasePath">Null: the version's, or the default.</param>
/// <param name="KeepErrors">Keeps a document with errors as a draft, which is then not submitted for review.</param>
internal sealed record ImportRequest(
    Guid Api,
    string VersionName,
    ReadOnlyMemory<byte> Document,
    string? BasePath,
    bool KeepErrors
);

/// <summary>What became of it.</summary>
internal sealed record Imported(VersionRow Version, IReadOnlyList<Finding> Findings, bool IsNew);

/// <summary>Makes a version from a specification document, or replaces that of a draft.</summary>
internal sealed class SpecificationImporter(
    UnitOfWork work,
    VersionRegistry versions,
    BasePathClaims basePaths,
    CatalogEvents events,
    TimeProvider time
)
{
    public async Task<Outcome<Imported>> ImportAsync(
        ImportRequest request,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        // Before any transaction: reading a large document takes seconds.
        var result = SpecificationImport.Read(
            request.Document,
            ImportLimits.Default,
            cancellationToken
        );
        if (FindFaults(result, request.KeepErrors) is { } refused)
        {
            return refused;
        }

        var db = await work.OpenAsync(cancellationToken);
        if (await ApiRow.FindAsync(db, request.Api, forChange: true) is not { } api)
        {
            return ApiProblem.NotFound;
        }

        var found = await FindDraftAsync(db, api, request, actor, cancellationToken);
        if (!found.IsRight)
        {
            return found.Problem;
        }

        var (before, isNew) = found.Value;
        var document = result.Document!;
        var after = before with
        {
            BasePath = request.BasePath ?? before.BasePath,
            Format = document.Format,
            OperationCount = document.Operations.Count,
            Version = before.Version + 1,
            UpdatedAt = time.GetStoredNow(),
        };
        await after.SaveAsync(db);
        await basePaths.ReleaseUnusedAsync(api.Id);
        await ReplaceAsync(db, after, document, cancellationToken);
        work.AddAudit(
            actor.Did(
                "specification.import",
                after.PublicId,
                api.TeamId,
                after: new
                {
                    document.FormatVersion,
                    document.Title,
                    Operations = document.Operations.Count,
                    Bytes = request.Document.Length,
                }
            )
        );
        await events.ChangedAsync(api, after);
        await work.CommitAsync(cancellationToken);
        return new Imported(after, document.Findings, isNew);
    }

    private static ApiProblem? FindFaults(ImportResult result, bool keepErrors)
    {
        if (!result.IsRead)
        {
            return ProblemOf([result.Problem]);
        }

        return keepErrors || !result.Document.HasErrors
            ? null
            : ProblemOf([
                .. result.Document.Findings.Where(f => f.Severity == FindingSeverity.Error),
            ]);
    }

    private static ApiProblem ProblemOf(IReadOnlyList<Finding> findings) =>
        ApiProblem.Invalid([
            .. findings.Select(f => new Violation(
                $"#{f.Pointer}",
                f.Code,
                f.Line > 0 ? $"Line {f.Line}: {f.Message}" : f.Message
            )),
        ]) with
        {
            Code = "invalid-specification",
            Detail = "The specification cannot be used as it is.",
        };

    private async Task<Outcome<(VersionRow Version, bool IsNew)>> FindDraftAsync(
        NpgsqlConnection db,
        ApiRow api,
        ImportRequest request,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var version = await db.QuerySingleOrDefaultAsync<VersionRow>(
            $"select {VersionRow.Columns} from api_version v where v.api_id = @Api and v.name = @VersionName for update",
            new { request.Api, request.VersionName }
        );
        if (version is null)
        {
            var added = await versions.AddAsync(
                api.Id,
                new() { Name = request.VersionName, BasePath = request.BasePath },
                actor,
                cancellationToken
            );
            return added.IsRight ? (added.Value, true) : added.Problem;
        }

        if (version.State != VersionState.Draft)
        {
            return Problems.NotNow(
                "not-a-draft",
                $"The specification is replaced only while the version is a draft; it is {version.State}."
            );
        }

        if (request.BasePath is { } path && path != version.BasePath)
        {
            var claim = await basePaths.ClaimAsync(api, version.Host, path, actor.Caller);
            if (!claim.IsRight)
            {
                return claim.Problem;
            }
        }

        return (version, false);
    }

    private async Task ReplaceAsync(
        NpgsqlConnection db,
        VersionRow version,
        ImportedDocument document,
        CancellationToken cancellationToken
    )
    {
        var source = document.Source.ToArray();
        await db.ExecuteAsync(
            """
            insert into specification (version_id, document, hash, syntax, findings, created_at)
            values (@Id, @source, @hash, @syntax, @findings::jsonb, @now)
            on conflict (version_id) do update
            set document = excluded.document, hash = excluded.hash, syntax = excluded.syntax,
              findings = excluded.findings, created_at = excluded.created_at
            """,
            new
            {
                version.Id,
                source,
                hash = SHA256.HashData(source),
                syntax = document.Syntax.ToString(),
                findings = Stored.Write(document.Findings),
                now = time.GetStoredNow(),
            }
        );
        await db.ExecuteAsync("delete from operation where version_id = @Id", new { version.Id });
        await using var copy = await db.BeginBinaryImportAsync(
            """
            copy operation (version_id, id, position, operation_id, method, path_template, summary, tags, deprecated,
              routable, required_scopes) from stdin (format binary)
            """,
            cancellationToken
        );
        foreach (var (index, operation) in document.Operations.Index())
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(version.Id, cancellationToken);
            await copy.WriteAsync(
                OperationIds.Of(version.Id, operation.Method, operation.PathTemplate),
                cancellationToken
            );
            await copy.WriteAsync((long)index, cancellationToken);
            await WriteAsync(copy, operation.OperationId, cancellationToken);
            await WriteAsync(copy, operation.Method, cancellationToken);
            await WriteAsync(copy, operation.PathTemplate, cancellationToken);
            await WriteAsync(copy, operation.Summary, cancellationToken);
            await WriteAsync(copy, operation.Tags, cancellationToken);
            await copy.WriteAsync(operation.Deprecated, cancellationToken);
            await copy.WriteAsync(operation.IsRoutable, cancellationToken);
            await WriteAsync(copy, operation.RequiredScopes, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    // Postgres has no character 0 in a text.
    private static string Storable(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    private static Task WriteAsync(
        NpgsqlBinaryImporter copy,
        string text,
        CancellationToken cancellationToken
    ) => copy.WriteAsync(Storable(text), NpgsqlDbType.Text, cancellationToken);

    private static Task WriteAsync(
        NpgsqlBinaryImporter copy,
        IReadOnlyList<string> texts,
        CancellationToken cancellationToken
    ) =>
        copy.WriteAsync(
            texts.Select(Storable).ToArray(),
            NpgsqlDbType.Array | NpgsqlDbType.Text,
            cancellationToken
        );
}

using System.ComponentModel.DataAnnotations;
using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.BasePaths;
using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Versions;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Catalog.Specifications;

/// <summary>Specifications and operations over REST.</summary>
internal static class SpecificationsApi
{
    public static void MapSpecifications(this RouteGroupBuilder routes)
    {
        routes
            .MapPut("/apis/{apiId}/versions/{versionName}/specification", ImportAsync)
            .RequirePermission("apis.write", Team.Of<ApiOwners>("apiId"));
        routes
            .MapGet("/versions/{versionId}/specification", GetAsync)
            .RequirePermission("apis.read", Team.Any);
        routes
            .MapGet("/versions/{versionId}/operations", ListOperationsAsync)
            .RequirePermission("apis.read", Team.Any);
    }

    private static async Task<Results<Ok<ImportDocument>, ApiProblem>> ImportAsync(
        Id<ApiKind> apiId,
        string versionName,
        Query<ImportQuery> query,
        DocumentBody body,
        Actor actor,
        SpecificationImporter importer,
        HttpResponse response,
        CancellationToken cancellationToken
    )
    {
        if (VersionNameForm.FindFault(versionName) is { } fault)
        {
            return ApiProblem.Invalid(new Violation("path:versionName", "pattern", fault));
        }

        var outcome = await importer.ImportAsync(
            new(apiId.Value, versionName, body.Bytes, query.Value.BasePath, query.Value.KeepErrors),
            actor,
            cancellationToken
        );
        return outcome.To(imported =>
        {
            response.Headers.ETag = EntityTag.From(imported.Version.Version).ToString();
            return TypedResults.Ok(
                new ImportDocument(imported.Version.ToDocument(), imported.Findings)
            );
        });
    }

    private static async Task<Results<FileContentHttpResult, ApiProblem>> GetAsync(
        Id<VersionKind> versionId,
        Query<FormQuery> query,
        Caller caller,
        SpecificationReader reader
    ) =>
        (await reader.ReadAsync(versionId.Value, query.Value.As, caller)).To(document =>
            TypedResults.Bytes(document.Bytes, document.MediaType)
        );

    private static async Task<Results<Ok<Page<OperationDocument>>, ApiProblem>> ListOperationsAsync(
        Id<VersionKind> versionId,
        PageRequest<long> page,
        Caller caller,
        SpecificationReader reader
    ) =>
        (await reader.ListAsync(versionId.Value, caller, page)).To(rows =>
            TypedResults.Ok(page.ToPage(rows, row => row.Position, row => row.ToDocument()))
        );

    /// <summary>What an import made, and what it did not understand.</summary>
    internal sealed record ImportDocument(VersionDocument Version, IReadOnlyList<Finding> Findings);

    internal sealed record FormQuery
    {
        public SpecificationForm As { get; init; } = SpecificationForm.Imported;
    }

    internal sealed record ImportQuery : IValidatableObject
    {
        /// <summary>Without it the version's, or for a new one /{team}/{api}.</summary>
        public string? BasePath { get; init; }

        /// <summary>Keeps a document with errors as a draft.</summary>
        public bool KeepErrors { get; init; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (BasePath is not null && BasePathForm.FindFault(BasePath) is { } wrong)
            {
                yield return new(wrong, [nameof(BasePath)]);
            }
        }
    }
}

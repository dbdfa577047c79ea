using ApiSvc.Catalog.BasePaths;
using ApiSvc.Catalog.Changes;
using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Catalog.Specifications;
using ApiSvc.Catalog.Versions;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Google.Protobuf;
using Grpc.Core;
using ApiKind = ApiSvc.ServiceDefaults.Identifiers.ApiKind;
using Finding = ApiSvc.Contracts.Catalog.V1.Finding;

namespace ApiSvc.Catalog.Apis;

/// <summary>APIs, versions and specifications over gRPC.</summary>
internal sealed class ApisService(
    ApiRegistry apis,
    VersionRegistry versions,
    VersionLifecycle lifecycle,
    SpecificationImporter importer,
    SpecificationReader specifications,
    ApiWatch watch
) : Contracts.Catalog.V1.Apis.ApisBase
{
    [RequirePermission("apis.read", Team = TeamSource.Any)]
    public override async Task<ListApisResponse> ListApis(
        ListApisRequest request,
        ServerCallContext context
    )
    {
        var team = MessageIds.ReadOptional<TeamKind>(request.TeamId, "#/team_id");
        var page = PageRequest<(string Name, Guid Id)>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.TeamId,
            request.Search
        );
        var rows = await apis.ListAsync(Actor.Of(context).Caller, page, new(team, request.Search));
        var shown = page.ToPage(rows, row => (row.Name, row.Id), row => row.ToMessage());
        return new() { Apis = { shown.Items }, NextCursor = shown.NextCursor ?? "" };
    }

    [RequirePermission("apis.read", Team = TeamSource.Any)]
    public override async Task<Api> GetApi(GetApiRequest request, ServerCallContext context) =>
        (
            await apis.FindAsync(
                MessageIds.Read<ApiKind>(request.Id, "#/id").Value,
                Actor.Of(context).Caller
            )
        )
            .OrThrow()
            .ToMessage();

    [RequirePermission("apis.write", Team = TeamSource.Message, Field = "team_id")]
    public override Task<Api> CreateApi(CreateApiRequest request, ServerCallContext context)
    {
        var input = MessageRules.Check((request.Api ?? new()).ToInput(), "api");
        return IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            async () =>
                (
                    await apis.CreateAsync(
                        Id<TeamKind>.Parse(request.TeamId).Value,
                        input,
                        Actor.Of(context)
                    )
                )
                    .OrThrow()
                    .ToMessage()
        );
    }

    [RequirePermission(
        "apis.write",
        Team = TeamSource.Owner,
        Field = "api.id",
        Lookup = typeof(ApiOwners)
    )]
    public override async Task<Api> UpdateApi(
        UpdateApiRequest request,
        ServerCallContext context
    ) =>
        (
            await apis.UpdateAsync(
                Id<ApiKind>.Parse(request.Api.Id).Value,
                MessageRules.Check(request.Api.ToInput(), "api"),
                Problems.Etag(request.Api.Etag, "#/api/etag"),
                Actor.Of(context)
            )
        )
            .OrThrow()
            .ToMessage();

    [RequirePermission(
        "apis.write",
        Team = TeamSource.Owner,
        Field = "id",
        Lookup = typeof(ApiOwners)
    )]
    public override async Task<DeleteApiResponse> DeleteApi(
        DeleteApiRequest request,
        ServerCallContext context
    ) =>
        await apis.DeleteAsync(
            Id<ApiKind>.Parse(request.Id).Value,
            Problems.Etag(request.Etag, "#/etag"),
            Actor.Of(context)
        )
            is { } problem
            ? throw new ApiProblemException(problem)
            : new();

    [RequirePermission("apis.read", Team = TeamSource.Any)]
    public override async Task<ListVersionsResponse> ListVersions(
        ListVersionsRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<Guid>.ForCall(context, request.Limit, request.Cursor, request.ApiId);
        var rows = await versions.ListAsync(
            MessageIds.Read<ApiKind>(request.ApiId, "#/api_id").Value,
            Actor.Of(context).Caller,
            page
        );
        var shown = page.ToPage(rows.OrThrow(), row => row.Id, row => row.ToMessage());
        return new() { Versions = { shown.Items }, NextCursor = shown.NextCursor ?? "" };
    }

    [RequirePermission("apis.read", Team = TeamSource.Any)]
    public override async Task<ApiVersion> GetVersion(
        GetVersionRequest request,
        ServerCallContext context
    ) =>
        (
            await versions.FindAsync(
                MessageIds.Read<VersionKind>(request.Id, "#/id").Value,
                Actor.Of(context).Caller
            )
        )
            .OrThrow()
            .ToMessage();

    [RequirePermission(
        "apis.write",
        Team = TeamSource.Owner,
        Field = "api_id",
        Lookup = typeof(ApiOwners)
    )]
    public override Task<ImportSpecificationResponse> ImportSpecification(
        ImportSpecificationRequest request,
        ServerCallContext context
    )
    {
        var wrong = new List<Violation>();
        if (VersionNameForm.FindFault(request.VersionName) is { } name)
        {
            wrong.Add(new("#/version_name", "pattern", name));
        }

        if (request.BasePath.Length > 0 && BasePathForm.FindFault(request.BasePath) is { } basePath)
        {
            wrong.Add(new("#/base_path", "pattern", basePath));
        }

        if (wrong.Count > 0)
        {
            throw new ApiProblemException(ApiProblem.Invalid(wrong));
        }

        return IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            () => ImportAsync(request, context)
        );
    }

    [RequirePermission("apis.read", Team = TeamSource.Any)]
    public override async Task<GetSpecificationResponse> GetSpecification(
        GetSpecificationRequest request,
        ServerCallContext context
    )
    {
        var document = (
            await specifications.ReadAsync(
                MessageIds.Read<VersionKind>(request.VersionId, "#/version_id").Value,
                request.As switch
                {
                    GetSpecificationRequest.Types.As.ServedJson => SpecificationForm.ServedJson,
                    GetSpecificationRequest.Types.As.ServedYaml => SpecificationForm.ServedYaml,
                    _ => SpecificationForm.Imported,
                },
                Actor.Of(context).Caller
            )
        ).OrThrow();
        return new()
        {
            Document = UnsafeByteOperations.UnsafeWrap(document.Bytes),
            MediaType = document.MediaType,
        };
    }

    [RequirePermission("apis.read", Team = TeamSource.Any)]
    public override async Task<ListOperationsResponse> ListOperations(
        ListOperationsRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<long>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.VersionId
        );
        var rows = await specifications.ListAsync(
            MessageIds.Read<VersionKind>(request.VersionId, "#/version_id").Value,
            Actor.Of(context).Caller,
            page
        );
        var shown = page.ToPage(rows.OrThrow(), row => row.Position, row => row.ToMessage());
        return new() { Operations = { shown.Items }, NextCursor = shown.NextCursor ?? "" };
    }

    [RequirePermission(
        "versions.transition",
        Team = TeamSource.Owner,
        Field = "version_id",
        Lookup = typeof(VersionOwners)
    )]
    public override async Task<ApiVersion> TransitionVersion(
        TransitionVersionRequest request,
        ServerCallContext context
    )
    {
        var to = (Versions.VersionState)(int)request.To;
        if (!Enum.IsDefined(to))
        {
            throw new ApiProblemException(
                ApiProblem.Invalid(new Violation("#/to", "required", "Say to which state."))
            );
        }

        var input = MessageRules.Check(
            new TransitionInput
            {
                To = to,
                Comment = request.Comment,
                SunsetAt = request.SunsetAt?.ToDateTimeOffset(),
                SuccessorVersionId = MessageIds.ReadOptional<VersionKind>(
                    request.SuccessorVersionId,
                    "#/successor_version_id"
                )
                    is { } successor
                    ? new Id<VersionKind>(successor)
                    : null,
                MigrationGuide = request.MigrationGuide,
            }
        );
        return (
            await lifecycle.MoveAsync(
                Id<VersionKind>.Parse(request.VersionId).Value,
                input,
                Problems.Etag(request.Etag, "#/etag"),
                Actor.Of(context)
            )
        )
            .OrThrow()
            .ToMessage();
    }

    [RequirePermission("apis.read", Team = TeamSource.Any)]
    public override Task WatchApis(
        WatchApisRequest request,
        IServerStreamWriter<ApiChange> responseStream,
        ServerCallContext context
    ) =>
        watch.RunAsync(
            Actor.Of(context).Caller,
            MessageIds.ReadOptional<TeamKind>(request.TeamId, "#/team_id"),
            responseStream,
            context
        );

    private async Task<ImportSpecificationResponse> ImportAsync(
        ImportSpecificationRequest request,
        ServerCallContext context
    )
    {
        var imported = (
            await importer.ImportAsync(
                new(
                    Id<ApiKind>.Parse(request.ApiId).Value,
                    request.VersionName,
                    request.Document.Memory,
                    request.BasePath.Length == 0 ? null : request.BasePath,
                    KeepErrors: false
                ),
                Actor.Of(context),
                context.CancellationToken
            )
        ).OrThrow();
        return new()
        {
            Version = imported.Version.ToMessage(),
            Findings =
            {
                imported.Findings.Select(f => new Finding
                {
                    Severity = f.Severity switch
                    {
                        FindingSeverity.Error => Finding.Types.Severity.Error,
                        FindingSeverity.Warning => Finding.Types.Severity.Warning,
                        _ => Finding.Types.Severity.Info,
                    },
                    Pointer = f.Pointer,
                    Line = (uint)f.Line,
                    Message = f.Message,
                }),
            },
        };
    }
}

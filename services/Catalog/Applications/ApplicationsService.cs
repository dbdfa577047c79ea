using ApiSvc.Catalog.Outcomes;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;

namespace ApiSvc.Catalog.Applications;

/// <summary>Applications over gRPC.</summary>
internal sealed class ApplicationsService(ApplicationRegistry applications)
    : Contracts.Catalog.V1.Applications.ApplicationsBase
{
    [RequirePermission("applications.read", Team = TeamSource.Any)]
    public override async Task<ListApplicationsResponse> ListApplications(
        ListApplicationsRequest request,
        ServerCallContext context
    )
    {
        var team = MessageIds.ReadOptional<TeamKind>(request.TeamId, "#/team_id");
        var page = PageRequest<Guid>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.TeamId
        );
        var rows = await applications.ListAsync(Actor.Of(context).Caller, team, page);
        var shown = page.ToPage(rows, row => row.Id, row => row.ToMessage());
        return new() { Applications = { shown.Items }, NextCursor = shown.NextCursor ?? "" };
    }

    [RequirePermission(
        "applications.read",
        Team = TeamSource.Owner,
        Field = "id",
        Lookup = typeof(ApplicationOwners)
    )]
    public override async Task<Application> GetApplication(
        GetApplicationRequest request,
        ServerCallContext context
    ) =>
        (await applications.FindAsync(Id<ApplicationKind>.Parse(request.Id).Value))
            .OrThrow()
            .ToMessage();

    [RequirePermission("applications.write", Team = TeamSource.Message, Field = "team_id")]
    public override Task<Application> CreateApplication(
        CreateApplicationRequest request,
        ServerCallContext context
    )
    {
        var input = MessageRules.Check(InputOf(request.Application), "application");
        return IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            async () =>
                (
                    await applications.CreateAsync(
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
        "applications.write",
        Team = TeamSource.Owner,
        Field = "application.id",
        Lookup = typeof(ApplicationOwners)
    )]
    public override async Task<Application> UpdateApplication(
        UpdateApplicationRequest request,
        ServerCallContext context
    ) =>
        (
            await applications.UpdateAsync(
                Id<ApplicationKind>.Parse(request.Application.Id).Value,
                MessageRules.Check(InputOf(request.Application), "application"),
                Problems.Etag(request.Application.Etag, "#/application/etag"),
                Actor.Of(context)
            )
        )
            .OrThrow()
            .ToMessage();

    [RequirePermission(
        "applications.write",
        Team = TeamSource.Owner,
        Field = "id",
        Lookup = typeof(ApplicationOwners)
    )]
    public override async Task<DeleteApplicationResponse> DeleteApplication(
        DeleteApplicationRequest request,
        ServerCallContext context
    ) =>
        await applications.DeleteAsync(
            Id<ApplicationKind>.Parse(request.Id).Value,
            Problems.Etag(request.Etag, "#/etag"),
            Actor.Of(context)
        )
            is { } problem
            ? throw new ApiProblemException(problem)
            : new();

    private static ApplicationInput InputOf(Application? application) =>
        new() { Name = application?.Name ?? "", Description = application?.Description ?? "" };
}

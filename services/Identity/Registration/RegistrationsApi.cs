using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Identity.Registration;

/// <summary>Who asks for an account, over REST; whoever may make users decides.</summary>
internal static class RegistrationsApi
{
    public static void MapRegistrations(this IEndpointRouteBuilder routes)
    {
        var registrations = routes.MapGroup("/v1/registrations");
        registrations.MapGet("", ListAsync).RequirePermission("users.read", Team.Platform);
        registrations
            .MapPost("/{registrationId}/approve", ApproveAsync)
            .RequirePermission("users.write", Team.Platform);
        registrations
            .MapPost("/{registrationId}/reject", RejectAsync)
            .RequirePermission("users.write", Team.Platform);
    }

    private static async Task<Page<RegistrationDocument>> ListAsync(
        PageRequest<Guid> page,
        RegistrationStore registrations
    ) => page.ToPage(await registrations.ListAsync(page), r => r.Id, r => r.ToDocument());

    private static async Task<Results<NoContent, ApiProblem>> ApproveAsync(
        Id<RegistrationKind> registrationId,
        Body<ApprovalInput> body,
        Actor actor,
        RegistrationStore registrations,
        CancellationToken cancellationToken
    ) =>
        await registrations.ApproveAsync(registrationId.Value, body.Value, actor, cancellationToken)
            is { } problem
            ? problem
            : TypedResults.NoContent();

    private static async Task<Results<NoContent, ApiProblem>> RejectAsync(
        Id<RegistrationKind> registrationId,
        Body<RejectionInput> body,
        Actor actor,
        RegistrationStore registrations,
        CancellationToken cancellationToken
    ) =>
        await registrations.RejectAsync(
            registrationId.Value,
            body.Value.Reason,
            actor,
            cancellationToken
        )
            is { } problem
            ? problem
            : TypedResults.NoContent();
}

using ApiSvc.ServiceDefaults.Problems;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>Decides gRPC calls, once the request has been read. Whether there is a valid token was decided before.</summary>
internal sealed class PermissionInterceptor : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        await EnforceAsync(request, context);
        return await continuation(request, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        await EnforceAsync(request, context);
        await continuation(request, responseStream, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        await EnforceAsync(null, context);
        return await continuation(requestStream, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        await EnforceAsync(null, context);
        await continuation(requestStream, responseStream, context);
    }

    private static async ValueTask EnforceAsync(object? request, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var metadata = http.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<RequirePermissionAttribute>() is not { } declaration)
        {
            return;
        }

        var caller = http.GetCaller();
        if (caller.Kind == CallerKind.Anonymous)
        {
            // Authorization comes before this; should it be missing from the pipeline, nothing passes.
            throw new ApiProblemException(PermissionProblems.Unauthenticated);
        }

        var outcome = await DecideAsync(request as IMessage, declaration, caller, http);
        if (outcome != PermissionOutcome.Allowed)
        {
            throw new ApiProblemException(
                outcome == PermissionOutcome.NotFound
                    ? ApiProblem.NotFound
                    : PermissionProblems.Forbidden(declaration.Permission)
            );
        }
    }

    private static ValueTask<PermissionOutcome> DecideAsync(
        IMessage? request,
        RequirePermissionAttribute declaration,
        Caller caller,
        HttpContext http
    )
    {
        var id = request is null
            ? null
            : MessageField.Find(request.GetType(), declaration.Field)?.Read(request);
        return declaration.Team switch
        {
            TeamSource.Any => new(PermissionRule.ForAny(caller, declaration.Permission)),
            TeamSource.Message => new(PermissionRule.ForTeam(caller, declaration.Permission, id)),
            TeamSource.Owner => PermissionRule.ForObjectAsync(
                caller,
                declaration.Permission,
                (ITeamLookup)http.RequestServices.GetRequiredService(declaration.Lookup!),
                id,
                http.RequestAborted
            ),
            _ => new(PermissionRule.ForPlatform(caller, declaration.Permission)),
        };
    }
}

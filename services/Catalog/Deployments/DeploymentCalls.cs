using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Sync;
using V1 = ApiSvc.Contracts.Catalog.V1;

namespace ApiSvc.Catalog.Deployments;

/// <summary>
/// Changes of what is served, for REST and gRPC alike: done once per idempotency key, and after the commit waited for if
/// that is asked.
/// </summary>
internal sealed class DeploymentCalls(
    Deployer deployer,
    DeploymentLists lists,
    NodeRegistry nodes,
    UnitOfWork work
)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(60);

    public async Task<V1.DeployResponse> DeployAsync(
        HttpContext http,
        V1.DeployRequest request,
        string key
    )
    {
        var timeout = TimeoutOf(request.Wait);
        var asked = new V1.DeployRequest(request) { Wait = null, IdempotencyKey = "" };
        var version = MessageIds.Read<VersionKind>(request.VersionId, "#/version_id");
        var answer = await IdempotentCalls.OnceAsync(
            http,
            "deployments.deploy",
            key,
            asked,
            async () =>
                AnswerOf(
                    (
                        await deployer.DeployAsync(
                            version.Value,
                            request.Environment,
                            request.Comment,
                            Actor.Of(http)
                        )
                    ).OrThrow()
                )
        );
        return await WaitAsync(http, answer, request.Wait, timeout);
    }

    public async Task<V1.DeployResponse> RollBackAsync(HttpContext http, V1.RollBackRequest request)
    {
        var timeout = TimeoutOf(request.Wait);
        var version = MessageIds.Read<VersionKind>(request.VersionId, "#/version_id");
        var outcome = await deployer.RollBackAsync(
            version.Value,
            request.Environment,
            request.ToRevision,
            request.Comment,
            Actor.Of(http)
        );
        return await WaitAsync(http, AnswerOf(outcome.OrThrow()), request.Wait, timeout);
    }

    public async Task<V1.DeployResponse> UndeployAsync(HttpContext http, V1.UndeployRequest request)
    {
        var timeout = TimeoutOf(request.Wait);
        var version = MessageIds.Read<VersionKind>(request.VersionId, "#/version_id");
        var outcome = await deployer.UndeployAsync(
            version.Value,
            request.Environment,
            request.Comment,
            Actor.Of(http)
        );
        return await WaitAsync(http, AnswerOf(outcome.OrThrow()), request.Wait, timeout);
    }

    private static V1.DeployResponse AnswerOf(Deployed deployed) =>
        new() { Revision = deployed.Revision.ToMessage(), Generation = deployed.Generation };

    // Before anything is changed: a wait that is not understood is a wrong request.
    private static TimeSpan TimeoutOf(V1.Wait? wait)
    {
        var timeout = wait?.Timeout?.ToTimeSpan() ?? DefaultTimeout;
        return timeout >= TimeSpan.Zero && timeout <= LongestTimeout
            ? timeout
            : throw new ApiProblemException(
                ApiProblem.Invalid(
                    new Violation("query:timeout", "range", "Must be at most 60 seconds.")
                )
            );
    }

    private async Task<V1.DeployResponse> WaitAsync(
        HttpContext http,
        V1.DeployResponse answer,
        V1.Wait? wait,
        TimeSpan timeout
    )
    {
        if (wait is not { All: true })
        {
            return answer;
        }

        // Its connection is wanted by those who are waited for.
        await work.DisposeAsync();
        answer.WaitingForNodes.AddRange(
            await nodes.WaitForAllAsync(
                (await lists.GroupAsync(answer.Revision.Environment))!,
                answer.Generation,
                timeout,
                http.RequestAborted
            )
        );
        return answer;
    }
}

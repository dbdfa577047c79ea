using ApiSvc.ServiceDefaults.Permissions;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.AccessWalk;

/// <summary>
/// Calls every endpoint of a running service as everybody. What it does not know how to call, what breaks a rule, and
/// what the reviewed table does not say, is a fault.
/// </summary>
/// <param name="services">The service's own.</param>
/// <param name="http">Where its REST is.</param>
/// <param name="channel">Where its gRPC is.</param>
/// <param name="scene">What there is.</param>
public sealed class ServiceWalk(
    IServiceProvider services,
    HttpClient http,
    GrpcChannel channel,
    WalkScene scene
)
{
    /// <summary>Walks.</summary>
    /// <param name="stepsFile">What to send.</param>
    /// <param name="tableFile">What is expected; written anew with <c>UPDATE_ACCESS=1</c>.</param>
    /// <returns>The faults, best none.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(string stepsFile, string tableFile)
    {
        var endpoints = services.GetRequiredService<EndpointDataSource>();
        var faults = KnownPermissions.FindUnknown(endpoints.Endpoints).ToList();
        var (walked, beside) = WalkEndpoint.Of(endpoints);
        var caller = new WalkCaller(http, channel, scene);
        var table = new AccessTable(beside, [.. scene.Roles.Select(r => r.Name)]);
        var steps = WalkSteps.Read(stepsFile).For(walked, faults);
        var rows = new Dictionary<WalkStep, List<string>>();
        foreach (var step in steps)
        {
            var row = new List<string>();
            foreach (var walker in Enum.GetValues<Walker>())
            {
                var answer = await TryAsync(() => caller.CallAsync(step, walker));
                if (WalkRule.FindFault(step, walker, answer, scene) is { } fault)
                {
                    faults.Add($"{step.Name} {fault}: {walker} {answer.Status} {answer.Text}");
                }

                // A list that is empty for everybody would prove nothing.
                var isOwn =
                    walker == Walker.Stranger && WalkRule.Shown(answer, scene.Own) is not null;
                row.Add(isOwn ? $"{answer.Status}+own" : answer.Status);
            }

            rows[step] = row;
        }

        foreach (var role in scene.Roles)
        {
            await WalkAsync(caller, role, steps, rows, faults);
        }

        foreach (var step in steps)
        {
            table.Add(step.Name, rows[step]);
        }

        faults.AddRange(table.CompareWith(tableFile));
        return faults;
    }

    private async Task WalkAsync(
        WalkCaller caller,
        WalkRole role,
        IReadOnlyList<WalkStep> steps,
        Dictionary<WalkStep, List<string>> rows,
        List<string> faults
    )
    {
        var own = await role.OpenAsync();
        foreach (var step in steps)
        {
            var answer = await TryAsync(() => caller.CallAsync(step, own));
            if (WalkRule.FindFault(role, answer, scene) is { } fault)
            {
                faults.Add($"{step.Name} {fault}: {role.Name} {answer.Status} {answer.Text}");
            }

            rows[step].Add(answer.Status);
        }
    }

    private static async Task<WalkAnswer> TryAsync(Func<Task<WalkAnswer>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e)
            when (e
                    is KeyNotFoundException
                        or NotSupportedException
                        or Google.Protobuf.InvalidProtocolBufferException
                        or Google.Protobuf.InvalidJsonException
            )
        {
            return new(WalkOutcome.Wrong, "unknown", e.Message);
        }
    }
}

using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Makes statuses of services out of reports.</summary>
internal static class HealthStatuses
{
    /// <summary>Not serving if a check that is mapped is unhealthy; unknown if none is mapped.</summary>
    public static ServingStatus Of(IEnumerable<HealthStatus> checks)
    {
        var status = ServingStatus.Unknown;
        foreach (var check in checks)
        {
            if (check == HealthStatus.Unhealthy)
            {
                return ServingStatus.NotServing;
            }

            status = ServingStatus.Serving;
        }

        return status;
    }

    public static bool Selects(
        this ServiceMapping mapping,
        string name,
        IEnumerable<string> tags
    ) => mapping.Predicate(new HealthCheckMapContext(name, tags));
}

/// <summary>Tells those who watch what the periodic reports say.</summary>
internal sealed class HealthPublisher(
    HealthServiceImpl service,
    IOptions<GrpcHealthChecksOptions> options
) : IHealthCheckPublisher
{
    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var mapping in options.Value.Services)
        {
            service.SetStatus(
                mapping.Name,
                HealthStatuses.Of(
                    report
                        .Entries.Where(entry => mapping.Selects(entry.Key, entry.Value.Tags))
                        .Select(entry => entry.Value.Status)
                )
            );
        }

        return Task.CompletedTask;
    }
}

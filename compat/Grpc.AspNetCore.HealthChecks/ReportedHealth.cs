using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Check runs the checks; Watch tells what the reports say, until the server stops.</summary>
internal sealed class ReportedHealth(
    HealthServiceImpl published,
    HealthCheckService checks,
    IOptions<GrpcHealthChecksOptions> options,
    IHostApplicationLifetime lifetime
) : Grpc.Health.V1.Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(
        HealthCheckRequest request,
        ServerCallContext context
    ) =>
        options.Value.UseHealthChecksCache
            ? published.Check(request, context)
            : RunAsync(request.Service, context.CancellationToken);

    public override async Task Watch(
        HealthCheckRequest request,
        IServerStreamWriter<HealthCheckResponse> responseStream,
        ServerCallContext context
    )
    {
        if (
            !options.Value.UseHealthChecksCache
            && options.Value.Services.TryGetMapping(request.Service, out _)
        )
        {
            // The first report may be some time away: the watcher is told at once.
            var current = await RunAsync(request.Service, context.CancellationToken);
            published.SetStatus(request.Service, current.Status);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken,
            lifetime.ApplicationStopping
        );
        try
        {
            await published.WatchAsync(request.Service, responseStream, ending.Token);
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            // A watcher must not hold up the end of the server: it is told, and let go.
            await responseStream.WriteAsync(
                new HealthCheckResponse
                {
                    Status = HealthCheckResponse.Types.ServingStatus.NotServing,
                }
            );
        }
    }

    private async Task<HealthCheckResponse> RunAsync(
        string service,
        CancellationToken cancellationToken
    )
    {
        if (!options.Value.Services.TryGetMapping(service, out var mapping))
        {
            throw new RpcException(new Status(StatusCode.NotFound, ""));
        }

        var report = await checks.CheckHealthAsync(
            check => mapping.Selects(check.Name, check.Tags),
            cancellationToken
        );
        return new HealthCheckResponse
        {
            Status = HealthStatuses.Of(report.Entries.Values.Select(entry => entry.Status)),
        };
    }
}

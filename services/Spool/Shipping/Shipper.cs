using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiSvc.Spool.Shipping;

/// <summary>
/// Takes what is appended to Kafka, every lane by itself. Kafka away only lets the spool grow. When the service stops,
/// what is left is shipped within a time limit, and the next process ships the rest.
/// </summary>
internal sealed class Shipper(
    RecordSpool spool,
    IBatchSender sender,
    IOptions<ShippingOptions> _options,
    TimeProvider time,
    ILogger<Shipper> logger
) : BackgroundService
{
    private readonly ShippingOptions _options = _options.Value;
    private readonly CancellationTokenSource _draining = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _draining.CancelAsync();
        if (ExecuteTask is { } shipping)
        {
            using var limit = new CancellationTokenSource(_options.DrainTimeout, time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(
                limit.Token,
                cancellationToken
            );
            await shipping
                .WaitAsync(end.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _draining.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            spool.Lanes.Select(lane =>
                Task.Run(
                    () =>
                        new LaneShipper(lane, sender, _options, time, logger).RunAsync(
                            _draining.Token,
                            stoppingToken
                        ),
                    CancellationToken.None
                )
            )
        );
}

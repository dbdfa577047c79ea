using Microsoft.Extensions.Options;

namespace ApiSvc.AiAdapter.Catalogue;

/// <summary>Looks now and then whether the files of the catalogue have changed.</summary>
internal sealed class CatalogueWatch(
    CurrentCatalogue catalogue,
    IOptions<CatalogueOptions> options,
    TimeProvider time
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            catalogue.Look();
        }
    }
}

using System.Diagnostics;
using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Subjects;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>Publishes new revisions of APIs, each at its time whether the ones before are applied or not.</summary>
internal sealed class Changes(GatewaySubject gateway, Landscape landscape)
{
    private readonly Random _random = new(1);
    private readonly Dictionary<int, uint> _revisions = [];

    /// <returns>Milliseconds from each change until the gateway said that it answers calls.</returns>
    public async Task<IReadOnlyList<double>> RunAsync(
        int perSecond,
        TimeSpan time,
        CancellationToken cancellationToken
    )
    {
        var feed = gateway.Feeds.Configuration;
        var begun = Stopwatch.GetTimestamp();
        var count = (int)(time.TotalSeconds * perSecond);
        for (var i = 0; i < count; i++)
        {
            var early =
                TimeSpan.FromSeconds((double)i / perSecond) - Stopwatch.GetElapsedTime(begun);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, cancellationToken);
            }

            var api = _random.Next(landscape.Apis);
            var revision = _revisions.GetValueOrDefault(api, 1u);
            _revisions[api] = revision + 1;
            feed.Publish(landscape.Api(api, revision), landscape.Api(api, revision + 1));
        }

        await gateway.AppliesAsync(cancellationToken);
        return [.. feed.TakeDelays().Select(d => d.TotalMilliseconds)];
    }
}

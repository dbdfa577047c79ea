using System.Net;
using ApiSvc.AppHost.Tests.Calls;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.AppHost.Tests.Records;

/// <summary>An API to call as often as one likes: offered in a plan without limits, with an application that has a key.</summary>
internal sealed class LoadTarget
{
    private readonly OpenSuite _open;
    private readonly string _path;
    private readonly string _key;

    private LoadTarget(OpenSuite open, string api, string path, string key) =>
        (_open, Api, _path, _key) = (open, api, path, key);

    /// <summary>The API's public id.</summary>
    public string Api { get; }

    public static async Task<LoadTarget> MakeAsync(OpenSuite open, string slug)
    {
        var shop = open.Shop;
        var plan = await shop.NewPlanAsync("automatic");
        var api = await shop.ApiOfAsync(await shop.PublishAsync(slug, plan));
        var (_, _, _, key) = await shop.SubscribeAsync(api, plan);
        var target = new LoadTarget(open, api, $"/demo/{slug}/orders", key);
        await target.ServedAsync();
        return target;
    }

    /// <summary>Waits until a call is answered.</summary>
    public Task ServedAsync() =>
        Eventually.HoldsAsync(
            async () => await _open.Door.StatusIfThereAsync(_path, _key) == HttpStatusCode.OK,
            $"{_path} is served"
        );

    /// <summary>Begins to call it.</summary>
    public LoadClient Start(int callsPerSecond, int connections) =>
        LoadClient.Start(
            new Uri(_open.Door.Address, _path),
            _open.Suite.App.Services.GetRequiredService<DevelopmentCertificate>().CaPath,
            _key,
            callsPerSecond,
            connections
        );
}

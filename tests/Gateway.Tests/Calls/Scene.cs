using System.Security.Cryptography;
using System.Text;
using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.ApiKeys;
using Google.Protobuf;
using Api = ApiSvc.Contracts.GatewayConfig.V1.Api;
using Timestamp = Google.Protobuf.WellKnownTypes.Timestamp;

namespace ApiSvc.Gateway.Tests.Calls;

/// <summary>An API of a test's own with one operation, an application with a key, and a subscription.</summary>
internal sealed class Scene
{
    private readonly GatewayHost _host;
    private readonly Lanes? _lanes;

    private Scene(GatewayHost host, Lanes? lanes, string upstream)
    {
        _host = host;
        _lanes = lanes;
        ApplicationId = NewId();
        Key = ApiKeyFormat.Create("sandbox");
        PlanId = NewId();
        Api = new Api
        {
            ApiId = NewId(),
            VersionId = NewId(),
            TeamId = NewId(),
            Revision = 1,
            BasePath = $"/team/{Guid.NewGuid():n}",
            Availability = Availability.Served,
            OnlyOperations = true,
            PlanIds = { PlanId },
            Upstreams =
            {
                new Upstream
                {
                    Name = "main",
                    Addresses = { new UpstreamAddress { Url = upstream } },
                },
            },
            Operations =
            {
                new Operation
                {
                    Id = NewId(),
                    Method = "GET",
                    PathTemplate = "/items/{id}",
                },
                new Operation
                {
                    Id = NewId(),
                    Method = "POST",
                    PathTemplate = "/items",
                },
            },
        };
        Plan = new Plan { PlanId = PlanId, Name = "plan" };
        Subscription = new Subscription
        {
            SubscriptionId = NewId(),
            ApplicationId = ApplicationId,
            ApiId = Api.ApiId,
            PlanId = PlanId,
        };
    }

    public Api Api { get; }

    public Plan Plan { get; }

    public Subscription Subscription { get; }

    public ByteString ApplicationId { get; }

    public ByteString PlanId { get; }

    public string Key { get; }

    public Operation Get => Api.Operations[0];

    /// <summary>Puts it, changed as the test wants it.</summary>
    public static Task<Scene> PutAsync(Lanes lanes, Action<Scene>? change = null) =>
        PutAsync(new Scene(lanes.Host, lanes, lanes.Upstream.Origin), change);

    /// <summary>Puts it on a gateway of the test's own, which calls that upstream.</summary>
    public static Task<Scene> PutAsync(
        GatewayHost host,
        string upstream,
        Action<Scene>? change = null
    ) => PutAsync(new Scene(host, null, upstream), change);

    private static async Task<Scene> PutAsync(Scene scene, Action<Scene>? change)
    {
        change?.Invoke(scene);
        await scene._host.PutAsync(
            new Application
            {
                ApplicationId = scene.ApplicationId,
                TeamId = scene.Api.TeamId,
                Name = "test",
            },
            scene.Plan,
            scene.Subscription,
            scene.Api
        );
        await scene.PutKeyAsync(scene.Key);
        return scene;
    }

    public static ByteString NewId() =>
        ByteString.CopyFrom(Guid.CreateVersion7().ToByteArray(bigEndian: true));

    public static Policy PolicyOf(string type, IMessage settings) =>
        new() { Type = type, Settings = settings.ToByteString() };

    public Scene Add(string type, IMessage settings)
    {
        Api.Policies.Add(PolicyOf(type, settings));
        return this;
    }

    public Task PutKeyAsync(string key, Action<ApiKey>? change = null)
    {
        var body = new ApiKey
        {
            KeyId = NewId(),
            ApplicationId = ApplicationId,
            Sha256 = ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
            VisiblePrefix = "ak_sandbox_visible",
        };
        change?.Invoke(body);
        return _host.PutCredentialsAsync(
            new Change
            {
                Put = new()
                {
                    Kind = (uint)CredentialKind.ApiKey,
                    Id = body.KeyId,
                    Body = body.ToByteString(),
                },
            }
        );
    }

    public Call Call(string method = "GET", string path = "/items/7") =>
        new(method, Api.BasePath + path) { Headers = [("X-Api-Key", Key)] };

    public Call Anonymous(string method = "GET", string path = "/items/7") =>
        new(method, Api.BasePath + path);

    public Task<Reply> SendAsync(Lane lane, Call? call = null) =>
        _lanes!.SendAsync(lane, call ?? Call());

    public Timestamp In(TimeSpan time) => Timestamp.FromDateTimeOffset(_lanes!.Now + time);
}

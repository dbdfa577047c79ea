using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.ApiKeys;
using Google.Protobuf;
using ConfigApi = ApiSvc.Contracts.GatewayConfig.V1.Api;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace ApiSvc.Bench.Gateway.Feeds;

/// <summary>
/// What a gateway is configured with: APIs that want a key and a subscription, one of them open besides; applications
/// with a key and a subscription to one API each (ten keys each from 100,000 keys on), all by one plan with a limit that
/// nobody reaches.
/// </summary>
internal sealed class Landscape
{
    private const int KeysPerApplication = 10;
    private const int ManyKeys = 100_000;

    private readonly string _upstream;
    private readonly int _applications;

    public Landscape(int apis, int keys, string upstream)
    {
        Apis = apis;
        _upstream = upstream;
        _applications = keys < ManyKeys ? keys : keys / KeysPerApplication;
        Keys = [.. Enumerable.Range(0, keys).Select(_ => ApiKeyFormat.Create("sandbox"))];
    }

    public const string OpenPath = "/open/items/7";

    public int Apis { get; }

    public IReadOnlyList<string> Keys { get; }

    /// <summary>Where a key is good.</summary>
    public string PathFor(int key) => $"{BasePath(ApiOf(ApplicationOf(key)))}/items/7";

    public IEnumerable<Resource> Configuration()
    {
        yield return Make(
            ResourceKind.Plan,
            Id(Kind.Plan, 0),
            new Plan
            {
                PlanId = Id(Kind.Plan, 0),
                Name = "unlimited",
                Limits =
                {
                    new Limit
                    {
                        Rate = 1_000_000,
                        Burst = 1_000_000,
                        Period = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)),
                    },
                },
            }
        );
        yield return Open();
        for (var i = 0; i < Apis; i++)
        {
            yield return Api(i, 1);
        }

        for (var i = 0; i < _applications; i++)
        {
            yield return Make(
                ResourceKind.Application,
                Id(Kind.Application, i),
                new Application
                {
                    ApplicationId = Id(Kind.Application, i),
                    TeamId = Id(Kind.Team, i % 100),
                    Name = $"application {i}",
                }
            );
            yield return Make(
                ResourceKind.Subscription,
                Id(Kind.Subscription, i),
                new Subscription
                {
                    SubscriptionId = Id(Kind.Subscription, i),
                    ApplicationId = Id(Kind.Application, i),
                    ApiId = Id(Kind.Api, ApiOf(i)),
                    PlanId = Id(Kind.Plan, 0),
                }
            );
        }
    }

    public IEnumerable<Resource> Credentials()
    {
        for (var i = 0; i < Keys.Count; i++)
        {
            var id = Id(Kind.Key, i);
            yield return new()
            {
                Kind = (uint)CredentialKind.ApiKey,
                Id = id,
                Body = new ApiKey
                {
                    KeyId = id,
                    ApplicationId = Id(Kind.Application, ApplicationOf(i)),
                    Sha256 = ByteString.CopyFrom(ApiKeyFormat.Hash(Keys[i])),
                    VisiblePrefix = ApiKeyFormat.VisiblePrefix(Keys[i]),
                }.ToByteString(),
            };
        }
    }

    /// <summary>An API as it is at a revision.</summary>
    public Resource Api(int number, uint revision) =>
        Make(
            ResourceKind.Api,
            Id(Kind.Version, number),
            new ConfigApi
            {
                ApiId = Id(Kind.Api, number),
                VersionId = Id(Kind.Version, number),
                TeamId = Id(Kind.Team, number % 100),
                Revision = revision,
                ApiSlug = $"api{number}",
                Version = "v1",
                BasePath = BasePath(number),
                Availability = Availability.Served,
                OnlyOperations = true,
                PlanIds = { Id(Kind.Plan, 0) },
                Upstreams = { Upstream() },
                Operations =
                {
                    Operation(number, "GET", "/items/{id}"),
                    Operation(number, "POST", "/items"),
                },
            }
        );

    private Resource Open() =>
        Make(
            ResourceKind.Api,
            Id(Kind.OpenVersion, 0),
            new ConfigApi
            {
                ApiId = Id(Kind.OpenApi, 0),
                VersionId = Id(Kind.OpenVersion, 0),
                TeamId = Id(Kind.Team, 0),
                Revision = 1,
                ApiSlug = "open",
                Version = "v1",
                BasePath = "/open",
                Availability = Availability.Served,
                Upstreams = { Upstream() },
                Operations =
                {
                    Operation(-1, "GET", "/items/{id}"),
                    Operation(-1, "POST", "/items"),
                },
                Policies =
                {
                    new Policy
                    {
                        Type = "authentication",
                        Settings = new AuthenticationSettings
                        {
                            Methods = { new AuthenticationMethod { Anonymous = new() } },
                        }.ToByteString(),
                    },
                },
            }
        );

    private Upstream Upstream() =>
        new() { Name = "main", Addresses = { new UpstreamAddress { Url = _upstream } } };

    private static Operation Operation(int api, string method, string template) =>
        new()
        {
            Id = Id(method == "GET" ? Kind.Get : Kind.Post, api),
            OperationId = method == "GET" ? "getItem" : "addItem",
            Method = method,
            PathTemplate = template,
        };

    private int ApplicationOf(int key) => key % _applications;

    private int ApiOf(int application) => application % Apis;

    private static string BasePath(int api) => $"/team{api % 100}/api{api}";

    private static Resource Make(ResourceKind kind, ByteString id, IMessage body) =>
        new()
        {
            Kind = (uint)kind,
            Id = id,
            Body = body.ToByteString(),
        };

    private static ByteString Id(Kind kind, int number) =>
        ByteString.CopyFrom(
            new Guid(number, (short)kind, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0).ToByteArray(
                bigEndian: true
            )
        );

    private enum Kind : short
    {
        Api,
        Version,
        OpenApi,
        OpenVersion,
        Get,
        Post,
        Plan,
        Team,
        Application,
        Subscription,
        Key,
    }
}

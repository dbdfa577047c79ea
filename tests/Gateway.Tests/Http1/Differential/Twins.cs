using System.Collections.Concurrent;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.Gateway.Tests.Http1.Wire;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Api = ApiSvc.Contracts.GatewayConfig.V1.Api;

namespace ApiSvc.Gateway.Tests.Http1.Differential;

/// <summary>Two gateways with the same configuration at the same time of the day, one for each lane.</summary>
public sealed class Twins : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, GeneratedCall> _calls = new();
    private readonly ConcurrentDictionary<string, SeenRequest> _seen = new();
    private readonly ScriptedUpstream _upstream;

    public Twins() => _upstream = new(ServeAsync);

    internal GatewayHost First { get; private set; } = null!;

    internal GatewayHost Second { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        First = await StartAsync(true);
        Second = await StartAsync(false);
    }

    /// <summary>Puts two APIs below a root of their own: one that is open, and one with a key, a limit and more.</summary>
    /// <returns>The key.</returns>
    internal async Task<string> PutAsync(string root)
    {
        var key = ServiceDefaults.ApiKeys.ApiKeyFormat.Create("sandbox");
        var bodies = TwinApis.Make(root, _upstream.Origin, key, out var credential);
        foreach (var host in (GatewayHost[])[First, Second])
        {
            (await host.PutAsync([.. bodies])).ShouldBeEmpty();
            await host.PutCredentialsAsync(credential.Clone());
        }

        return key;
    }

    internal void Expect(GeneratedCall call) => _calls[call.Id] = call;

    internal SeenRequest? Take(GeneratedCall call) =>
        _seen.TryRemove(call.Id, out var seen) ? seen : null;

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private static Task<GatewayHost> StartAsync(bool enabled) =>
        GatewayHost.StartAsync(
            services =>
                services.AddSingleton<TimeProvider>(
                    new FakeTimeProvider(new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero))
                ),
            ("Edge:TrustedProxies:0", "127.0.0.0/8"),
            ("Edge:Http1:Enabled", $"{enabled}")
        );

    private async Task ServeAsync(UpstreamPeer peer)
    {
        while (await peer.ReadRequestAsync() is { } request)
        {
            var call = _calls[request["x-case"]!];
            _seen[call.Id] = request;
            await peer.SendAsync(
                request.Method == "HEAD" ? AnswerGenerator.ToHead(call.Answer) : call.Answer
            );
            if (call.EndsUpstream)
            {
                return;
            }
        }
    }
}

/// <summary>The configuration of both.</summary>
internal static class TwinApis
{
    public static List<IMessage> Make(
        string root,
        string upstream,
        string key,
        out Change credential
    )
    {
        var open = NewApi($"/{root}/open", upstream);
        open.Policies.Add(
            Scene.PolicyOf(
                "authentication",
                new AuthenticationSettings
                {
                    Methods = { new AuthenticationMethod { Anonymous = new() } },
                }
            )
        );
        open.Policies.Add(Scene.PolicyOf("headers", Headers));
        var keyed = NewApi($"/{root}/keyed", upstream);
        var plan = new Plan { PlanId = Scene.NewId(), Name = "plan" };
        plan.Limits.Add(
            new Limit
            {
                Rate = 60,
                Burst = 100,
                Period = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)),
            }
        );
        keyed.PlanIds.Add(plan.PlanId);
        keyed.OnlyOperations = true;
        foreach (var (method, template) in Operations)
        {
            keyed.Operations.Add(
                new Operation
                {
                    Id = Scene.NewId(),
                    Method = method,
                    PathTemplate = template,
                }
            );
        }

        keyed.Policies.Add(
            Scene.PolicyOf("cors", new CorsSettings { AllowedOrigins = { "https://app.example" } })
        );
        var application = new Application
        {
            ApplicationId = Scene.NewId(),
            TeamId = Scene.NewId(),
            Name = "test",
        };
        credential = KeyOf(application, key);
        return
        [
            open,
            keyed,
            plan,
            application,
            new Subscription
            {
                SubscriptionId = Scene.NewId(),
                ApplicationId = application.ApplicationId,
                ApiId = keyed.ApiId,
                PlanId = plan.PlanId,
            },
        ];
    }

    private static IEnumerable<(string, string)> Operations =>
        [
            ("GET", "/items"),
            ("POST", "/items"),
            ("GET", "/items/{id}"),
            ("PUT", "/items/{id}"),
            ("PATCH", "/items/{id}"),
            ("DELETE", "/items/{id}"),
        ];

    private static HeadersSettings Headers =>
        new()
        {
            Request =
            {
                Change(HeaderChange.Types.Action.Set, "X-Set", "new"),
                Change(HeaderChange.Types.Action.Add, "X-Twice", "more"),
                Change(HeaderChange.Types.Action.Remove, "X-Gone"),
                Change(HeaderChange.Types.Action.Default, "X-Default", "yes"),
            },
            Response =
            {
                Change(HeaderChange.Types.Action.Remove, "X-Powered-By"),
                Change(HeaderChange.Types.Action.Add, "X-Added", "1"),
            },
        };

    private static HeaderChange Change(
        HeaderChange.Types.Action action,
        string name,
        string value = ""
    ) =>
        new()
        {
            Action = action,
            Name = name,
            Value = value,
        };

    private static Api NewApi(string basePath, string upstream) =>
        new()
        {
            ApiId = Scene.NewId(),
            VersionId = Scene.NewId(),
            TeamId = Scene.NewId(),
            Revision = 1,
            BasePath = basePath,
            Availability = Availability.Served,
            Upstreams =
            {
                new Upstream { Addresses = { new UpstreamAddress { Url = upstream + "/below" } } },
            },
        };

    private static Change KeyOf(Application application, string key)
    {
        var body = new Contracts.Credentials.V1.ApiKey
        {
            KeyId = Scene.NewId(),
            ApplicationId = application.ApplicationId,
            Sha256 = ByteString.CopyFrom(
                System.Security.Cryptography.SHA256.HashData(
                    System.Text.Encoding.UTF8.GetBytes(key)
                )
            ),
            VisiblePrefix = "ak_sandbox_visible",
        };
        return new Change
        {
            Put = new()
            {
                Kind = (uint)Contracts.Credentials.V1.CredentialKind.ApiKey,
                Id = body.KeyId,
                Body = body.ToByteString(),
            },
        };
    }
}

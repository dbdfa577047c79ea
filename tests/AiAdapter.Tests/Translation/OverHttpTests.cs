using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.AiAdapter.Tests.Clients;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Translation;

/// <summary>The whole way over sockets, with providers that behave and that do not.</summary>
public sealed class OverHttpTests(FakeProviderServer server) : IClassFixture<FakeProviderServer>
{
    private static readonly string[] AllFamilies =
    [
        .. Families.All.Keys.Where(name => name != "azure-openai-responses"),
    ];

    [Fact]
    public async Task Call_EveryPair_ClientGetsTheAnswer()
    {
        foreach (var client in Client.All)
        {
            foreach (var family in AllFamilies)
            {
                var deployment = server.Deployment(family, "rich");
                var streamed = await server.CallAsync(
                    client.Format,
                    Pairs.Request(client, stream: true),
                    deployment
                );
                var whole = await server.CallAsync(
                    client.Format,
                    Pairs.Request(client, stream: false),
                    deployment
                );

                streamed.Failure.ShouldBeNull($"{client} of {family}");
                whole.Failure.ShouldBeNull($"{client} of {family}");
                whole.Counted.ShouldBe(streamed.Counted);
                if (client.Format.Name != Families.All[family].PassesThrough)
                {
                    client.Read(streamed.Output).Text.ShouldBe(Script.Rich.Text);
                    client.ReadWhole(whole.Output).Text.ShouldBe(Script.Rich.Text);
                }
            }
        }
    }

    [Theory]
    [InlineData("rich+break:6")]
    [InlineData("rich+end:6")]
    [InlineData("html")]
    [InlineData("rich+end:0")]
    public async Task Call_ProviderBreaksOff_IsAFailureAndNoEnd(string behaviour)
    {
        foreach (var client in Client.All)
        {
            foreach (var family in AllFamilies)
            {
                var call = await server.CallAsync(
                    client.Format,
                    Pairs.Request(client, stream: true),
                    server.Deployment(family, behaviour)
                );

                var failure = call.Failure.ShouldNotBeNull($"{client} of {family}");
                failure.Kind.ShouldBeOneOf(FailureKind.Cut, FailureKind.Malformed);
                if (call.Passed && client.Format.Name != Families.All[family].PassesThrough)
                {
                    client.Read(call.Output).Error.ShouldBe(failure.Message);
                }
            }
        }
    }

    [Theory]
    [InlineData(429, nameof(FailureKind.RateLimited))]
    [InlineData(503, nameof(FailureKind.Overloaded))]
    [InlineData(404, nameof(FailureKind.NotFound))]
    [InlineData(400, nameof(FailureKind.InvalidRequest))]
    [InlineData(500, nameof(FailureKind.ServerError))]
    public async Task Call_ProviderRefuses_IsAFailureOfItsKind(int status, string kind)
    {
        foreach (var family in AllFamilies)
        {
            var call = await server.CallAsync(
                Client.All[0].Format,
                Pairs.Request(Client.All[0], stream: true),
                server.Deployment(family, $"error:{status}:3")
            );

            var failure = call.Failure.ShouldNotBeNull();
            failure.Kind.ToString().ShouldBe(kind, family);
            failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(3));
        }
    }

    [Fact]
    public async Task Call_FailsBeforeTheFirstToken_GoesToTheNextAndTheClientSeesOneAnswer()
    {
        string[] behaviours = ["error:503", "rich+end:1", "rich"];
        Target[] targets =
        [
            .. behaviours.Select(
                (behaviour, i) =>
                    new Target(
                        server.Deployment(AllFamilies[i], behaviour),
                        [new("key-1", AiAdapter.Providers.Credential.None)],
                        Priority: i
                    )
            ),
        ];
        var router = new Router(
            new("virtual", RoutingStrategy.Priority, targets),
            new(),
            TimeProvider.System,
            () => 0
        );
        var client = Client.All[2];
        var call = router.Begin(new());
        byte[] output = [];
        while (call.Next() is { } attempt)
        {
            using (attempt)
            {
                var tried = await server.CallAsync(
                    client.Format,
                    Pairs.Request(client, stream: true),
                    attempt.Deployment
                );
                if (tried.Failure is null)
                {
                    attempt.FirstToken();
                    output = tried.Output;
                    break;
                }

                tried.Output.ShouldBeEmpty();
                attempt.Failed(tried.Failure, tried.Passed);
            }
        }

        call.Tries.ShouldBe(3);
        output.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Call_GiantAnswer_ArrivesWhole()
    {
        var client = Client.All[1];
        var call = await server.CallAsync(
            client.Format,
            Pairs.Request(client, stream: true),
            server.Deployment("anthropic", "giant:2000000")
        );

        client.Read(call.Output).Text.Length.ShouldBe(2_000_000);
    }
}

using System.Net;
using System.Security.Cryptography;
using ApiSvc.Contracts.AiUsage.V1;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Serving;

public sealed class ServingTests(ServingHost host) : IClassFixture<ServingHost>
{
    private static readonly string[] Families =
    [
        "openai-chat",
        "openai-responses",
        "anthropic",
        "gemini",
        "azure-openai",
        "bedrock",
        "ollama",
    ];

    public static TheoryData<string> Paths => [.. CallBodies.Paths];

    [Theory, MemberData(nameof(Paths))]
    public async Task Call_OfEveryFamily_IsAnsweredCountedAndPriced(string path)
    {
        foreach (var family in Families)
        {
            foreach (var stream in (bool[])[false, true])
            {
                var model = host.Put($"{family} plain");

                var reply = await host.CallAsync(path, CallBodies.Of(path, model, stream));

                reply.Status.ShouldBe(HttpStatusCode.OK, $"{family}: {reply.Text}");
                reply.Text.ShouldContain("Hello");
                reply.MediaType.ShouldBe(stream ? "text/event-stream" : "application/json");
                var record = reply.Record.ShouldNotBeNull(family);
                record.Outcome.ShouldBe(AiOutcome.Completed);
                (record.InputTokens, record.OutputTokens).ShouldBe((9ul, 4ul), family);
                (record.CostPico, record.Currency).ShouldBe((49, "USD"));
                (record.VirtualModel, record.Provider, record.Model).ShouldBe(
                    (model, family, "plain")
                );
                (record.KeyName, record.Finish, record.Streamed).ShouldBe(("key-1", "end", stream));
                record.FirstTokenUs.ShouldBe(0ul, "the clock stands");
                record
                    .ApplicationId.ToByteArray()
                    .ShouldBe(host.Application.ToByteArray(bigEndian: true));
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public async Task Call_ThatIsWrong_Is400WithEveryProblem(string path)
    {
        var model = host.Put("openai-chat plain");

        var reply = await host.CallAsync(path, new { model });
        var broken = await host.SendAsync(HttpMethod.Post, path, "{\"model\": oops");

        reply.Status.ShouldBe(HttpStatusCode.BadRequest, reply.Text);
        CallBodies.ErrorType(reply).ShouldBe("invalid_request_error");
        reply.Text.ShouldContain(path == "responses" ? "input" : "messages");
        reply.Record!.Outcome.ShouldBe(AiOutcome.Refused);
        broken.Status.ShouldBe(HttpStatusCode.BadRequest);
        broken.Text.ShouldContain("line 1");
    }

    [Theory, MemberData(nameof(Paths))]
    public async Task Call_UnknownModel_Is404InTheClientsFormat(string path)
    {
        var reply = await host.CallAsync(path, CallBodies.Of(path, "nothing", stream: false));

        reply.Status.ShouldBe(HttpStatusCode.NotFound, reply.Text);
        reply.Text.ShouldContain("nothing");
        CallBodies
            .ErrorType(reply)
            .ShouldBe(path == "messages" ? "not_found_error" : "invalid_request_error");
    }

    [Theory, MemberData(nameof(Paths))]
    public async Task Call_WithoutAGatewaysWord_Is401(string path)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string[] tokens =
        [
            "",
            "made.up.token",
            host.Token(key: other),
            host.Token(c => c["aud"] = "elsewhere"),
            host.Token(c => c["iss"] = "somebody"),
            host.Token(c => c["exp"] = host.Time.GetUtcNow().AddSeconds(-1).ToUnixTimeSeconds()),
            host.Token(c => c.Remove("exp")),
            host.Token(c => c.Remove("api_team")),
            NoAlgorithm(host.Token()),
        ];
        var model = host.Put("openai-chat plain");
        foreach (var token in tokens)
        {
            var reply = await host.CallAsync(
                path,
                CallBodies.Of(path, model, stream: false),
                ("x-apisvc-caller", token)
            );

            reply.Status.ShouldBe(HttpStatusCode.Unauthorized, token);
            CallBodies.ErrorType(reply).ShouldBe("authentication_error");
            reply.Record.ShouldBeNull();
        }
    }

    [Fact]
    public async Task Call_TokenThatWasGood_IsGoodNoLongerThanItSays()
    {
        var model = host.Put("openai-chat plain");
        var token = host.Token();
        (await CallAsync()).ShouldBe(HttpStatusCode.OK);
        host.Time.Advance(TimeSpan.FromMinutes(5));
        (await CallAsync()).ShouldBe(HttpStatusCode.Unauthorized);

        async Task<HttpStatusCode> CallAsync() =>
            (
                await host.CallAsync(
                    "messages",
                    CallBodies.Of("messages", model, stream: false),
                    ("x-apisvc-caller", token)
                )
            ).Status;
    }

    [Fact]
    public async Task Models_AsOpenAiAndAsAnthropicSayThem()
    {
        var model = host.Put("ollama plain");

        var openAi = await host.SendAsync(HttpMethod.Get, "models");
        var anthropic = await host.SendAsync(
            HttpMethod.Get,
            "models",
            null,
            ("anthropic-version", "2023-06-01")
        );
        var one = await host.SendAsync(HttpMethod.Get, $"models/{model}");
        var none = await host.SendAsync(HttpMethod.Get, "models/none");

        openAi.Json.GetProperty("object").GetString().ShouldBe("list");
        Ids(openAi).ShouldContain(model);
        anthropic.Json.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        Ids(anthropic).ShouldContain(model);
        one.Json.GetProperty("id").GetString().ShouldBe(model);
        none.Status.ShouldBe(HttpStatusCode.NotFound);

        static IEnumerable<string?> Ids(Reply reply) =>
            reply
                .Json.GetProperty("data")
                .EnumerateArray()
                .Select(m => m.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Messages_UnknownVersion_Is400AndASecondVersionIsAnotherFormat()
    {
        var model = host.Put("openai-chat plain");
        object body = new
        {
            model,
            max_tokens = 10,
            temperature = 0.5,
            messages = new[] { new { role = "user", content = "Hi" } },
        };

        var unknown = await host.CallAsync("messages", body, ("anthropic-version", "2020-01-01"));
        var first = await host.CallAsync("messages", body, ("anthropic-version", "2023-06-01"));
        var second = await host.CallAsync("messages", body, ("anthropic-version", "2026-10-21"));

        unknown.Status.ShouldBe(HttpStatusCode.BadRequest);
        unknown.Text.ShouldContain("2026-10-21");
        first.Status.ShouldBe(HttpStatusCode.OK, first.Text);
        second.Status.ShouldBe(HttpStatusCode.BadRequest);
        second.Text.ShouldContain("temperature");
    }

    [Fact]
    public async Task Call_LimitThatNoModelReaches_IsServed()
    {
        var reply = await host.CallAsync(
            "chat/completions",
            new
            {
                model = host.Put("ollama plain"),
                max_completion_tokens = long.MaxValue,
                messages = new[] { new { role = "user", content = "Hi" } },
            }
        );

        reply.Status.ShouldBe(HttpStatusCode.OK, reply.Text);
    }

    [Fact]
    public async Task Responses_OverAWebSocket_Is426()
    {
        var reply = await host.SendAsync(HttpMethod.Get, "responses");

        reply.Status.ShouldBe(HttpStatusCode.UpgradeRequired);
    }

    [Fact]
    public async Task Call_TooLong_Is413InTheClientsFormat()
    {
        var reply = await host.SendAsync(
            HttpMethod.Post,
            "messages",
            $"{{\"model\":\"{new string('x', 33 << 20)}\"}}"
        );

        reply.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        CallBodies.ErrorType(reply).ShouldBe("request_too_large");
    }

    [Fact]
    public async Task SwitchingFamilies_ChangesNothingForTheClientButTheModel()
    {
        foreach (var path in CallBodies.Paths)
        {
            var texts = new List<string>();
            foreach (var family in (string[])["gemini", "bedrock", "ollama"])
            {
                var model = host.Put($"{family} plain");
                var reply = await host.CallAsync(path, CallBodies.Of(path, model, stream: false));
                var record = reply.Record!;
                var id = new Guid(record.CallId.Span, bigEndian: true).ToString("N");
                texts.Add(reply.Text.Replace(model, "M").Replace(id, "ID"));
            }

            texts.Distinct().Count().ShouldBe(1, string.Join('\n', texts));
        }
    }

    private static string NoAlgorithm(string token)
    {
        var head = Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(
            """{"alg":"none","typ":"apisvc-caller+jwt"}"""
        );
        return $"{head}.{token.Split('.')[1]}.";
    }
}

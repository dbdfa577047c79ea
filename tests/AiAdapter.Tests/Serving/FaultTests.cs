using System.Net;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.Contracts.AiUsage.V1;
using ApiSvc.FakeProviders;
using ApiSvc.Testing;

namespace ApiSvc.AiAdapter.Tests.Serving;

/// <summary>Each way in which a provider fails, for a stream and for a whole answer, in each format.</summary>
public sealed class FaultTests(ServingHost host) : IClassFixture<ServingHost>
{
    private static readonly string[] GoElsewhere =
    [
        "error:401",
        "error:403",
        "error:404",
        "error:429",
        "error:429:7",
        "error:500",
        "error:503",
        "html",
        "rich+end:0",
        "rich+break:0",
    ];

    public static TheoryData<string, bool> Calls()
    {
        var all = new TheoryData<string, bool>();
        foreach (var path in CallBodies.Paths)
        {
            all.Add(path, true);
            all.Add(path, false);
        }

        return all;
    }

    [Theory, MemberData(nameof(Calls))]
    public async Task Call_FirstFailsBeforeItsFirstToken_IsAnsweredByTheSecond(
        string path,
        bool stream
    )
    {
        foreach (var behaviour in GoElsewhere)
        {
            var model = host.Put($"gemini {behaviour}", "ollama plain");

            var reply = await host.CallAsync(path, CallBodies.Of(path, model, stream));

            reply.Status.ShouldBe(HttpStatusCode.OK, $"{behaviour}: {reply.Text}");
            reply.Text.ShouldContain("Hello", Case.Sensitive, behaviour);
            var record = reply.Record.ShouldNotBeNull();
            record.Outcome.ShouldBe(AiOutcome.Completed, behaviour);
            (record.Attempts, record.Provider).ShouldBe((2u, "ollama"), behaviour);
            (record.InputTokens, record.OutputTokens).ShouldBe((9ul, 4ul), behaviour);
            record.CostPico.ShouldBe(49, behaviour);
            record.Counting.ShouldBe(AiCounting.Provider);
        }
    }

    [Theory, MemberData(nameof(Calls))]
    public async Task Call_AllFail_IsToldTheLastFailureInTheClientsFormat(string path, bool stream)
    {
        (string Behaviour, int OpenAi, string Type, int Anthropic, string AnthropicType)[] cases =
        [
            ("error:400", 400, "invalid_request_error", 400, "invalid_request_error"),
            ("error:404", 404, "invalid_request_error", 404, "not_found_error"),
            ("error:429:7", 429, "rate_limit_error", 429, "rate_limit_error"),
            ("error:500", 500, "server_error", 500, "api_error"),
            ("error:503", 503, "server_error", 529, "overloaded_error"),
            ("html", 502, "server_error", 500, "api_error"),
            ("rich+break:0", 502, "server_error", 500, "api_error"),
        ];
        foreach (var (behaviour, openAi, type, anthropic, anthropicType) in cases)
        {
            var reply = await host.CallAsync(
                path,
                CallBodies.Of(path, host.Put($"openai-chat {behaviour}"), stream)
            );

            var isAnthropic = path == "messages";
            ((int)reply.Status).ShouldBe(
                isAnthropic ? anthropic : openAi,
                $"{behaviour}: {reply.Text}"
            );
            CallBodies.ErrorType(reply).ShouldBe(isAnthropic ? anthropicType : type, behaviour);
            reply.MediaType.ShouldBe("application/json");
            var record = reply.Record.ShouldNotBeNull();
            record.Outcome.ShouldBe(AiOutcome.Failed, behaviour);
            record.HasCostPico.ShouldBeFalse(behaviour);
            ((int)record.Status).ShouldBe((int)reply.Status);
            reply.RetryAfter.ShouldBe(
                behaviour == "error:429:7" ? TimeSpan.FromSeconds(7) : null,
                behaviour
            );
        }
    }

    [Theory, MemberData(nameof(Calls))]
    public async Task Call_FailsAfterItsFirstToken_EndsAsAnErrorAndIsBilled(
        string path,
        bool stream
    )
    {
        if (!stream)
        {
            return;
        }

        foreach (var family in (string[])["openai-chat", "anthropic", "gemini", "ollama"])
        {
            var model = host.Put($"{family} tokens:40+end:20", "ollama plain");

            var reply = await host.CallAsync(path, CallBodies.Of(path, model, stream: true));

            reply.Status.ShouldBe(HttpStatusCode.OK);
            reply.Text.ShouldContain("token3");
            reply.Text.ShouldContain("error", Case.Sensitive, family);
            reply.Text.ShouldNotContain("Hello");
            reply.Text.ShouldNotContain("[DONE]");
            var record = reply.Record.ShouldNotBeNull();
            (record.Outcome, record.Failure).ShouldBe((AiOutcome.Failed, "cut"), family);
            record.Attempts.ShouldBe(1u);
            record.Counting.ShouldBe(AiCounting.Estimate, family);
            record.OutputTokens.ShouldBeInRange(20ul, 60ul, family);
            record.CostPico.ShouldBe((long)(record.InputTokens + (10 * record.OutputTokens)));
        }
    }

    [Fact]
    public async Task Key_ThatMetItsLimit_RestsAndComesBack()
    {
        var target = host.Target("openai-chat error:429:7", "key-1", "key-2");
        var model = host.Put(RoutingStrategy.Priority, [target, host.Target("ollama plain")]);

        var first = await CallAsync(model);
        var second = await CallAsync(model);
        host.Time.Advance(TimeSpan.FromSeconds(8));
        var third = await CallAsync(model);

        // Both keys are tried once, and then rest as long as the provider says.
        (first.Record!.Attempts, first.Record.Provider).ShouldBe((3u, "ollama"));
        second.Record!.Attempts.ShouldBe(1u);
        third.Record!.Attempts.ShouldBe(3u);
    }

    [Fact]
    public async Task Deployment_ThatFailsAgainAndAgain_RestsAndComesBack()
    {
        var model = host.Put("openai-chat error:500", "ollama plain");
        var attempts = new List<uint>();
        for (var i = 0; i < 5; i++)
        {
            attempts.Add((await CallAsync(model)).Record!.Attempts);
        }

        host.Time.Advance(TimeSpan.FromSeconds(6));
        attempts.Add((await CallAsync(model)).Record!.Attempts);
        attempts.Add((await CallAsync(model)).Record!.Attempts);

        attempts.ShouldBe([2u, 2u, 2u, 1u, 1u, 2u, 1u]);
    }

    [Fact]
    public async Task Call_EverythingRests_Is429ThatSaysUntilWhen()
    {
        var model = host.Put("openai-chat error:429:9");
        await CallAsync(model);

        var reply = await CallAsync(model);

        reply.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        reply.RetryAfter.ShouldBe(TimeSpan.FromSeconds(9));
        reply.Record!.Attempts.ShouldBe(0u);
    }

    [Theory, MemberData(nameof(Calls))]
    public async Task Call_ProviderSaysNothing_TimesOutAndGoesElsewhere(string path, bool stream)
    {
        var model = host.Put("openai-chat rich+hang:0", "ollama plain");

        var call = host.CallAsync(
            path,
            CallBodies.Of(path, model, stream),
            ("x-apisvc-caller", host.Token(c => c["exp"] = Later(TimeSpan.FromDays(30))))
        );
        await Eventually.HoldsAsync(
            () =>
            {
                // In steps, so that the second has the time to answer.
                host.Time.Advance(TimeSpan.FromSeconds(10));
                return call.IsCompleted;
            },
            "the call is over"
        );

        var reply = await call;
        reply.Status.ShouldBe(HttpStatusCode.OK, reply.Text);
        reply.Record!.Provider.ShouldBe("ollama");
    }

    [Fact]
    public async Task Call_ClientHangsUp_IsBilledForWhatWasProduced()
    {
        foreach (var family in (string[])["openai-chat", "anthropic", "gemini"])
        {
            var model = host.Put($"{family} tokens:1000+slow:5");
            var (id, answer) = await host.BeginAsync(
                "chat/completions",
                CallBodies.Of("chat/completions", model, stream: true)
            );
            using (answer)
            {
                await using var body = await answer.Content.ReadAsStreamAsync();
                var buffer = new byte[256];
                for (var read = 0; read < 2000; )
                {
                    read += await body.ReadAsync(buffer);
                }
            }

            var record = await Eventually.GetAsync(
                () => Task.FromResult(host.Records.Find(id)),
                found => found is not null
            );
            record!.Outcome.ShouldBe(AiOutcome.Aborted, family);
            record.OutputTokens.ShouldBeInRange(5ul, 900ul, family);
            record.InputTokens.ShouldBeGreaterThan(0ul, family);
            record.CostPico.ShouldBe((long)(record.InputTokens + (10 * record.OutputTokens)));
        }
    }

    [Fact]
    public async Task Secrets_AfterEverything_AreNowhere()
    {
        await CallAsync(host.Put("openai-chat error:401"));
        await CallAsync(host.Put("bedrock plain"));

        string.Join('\n', host.Log.Lines).ShouldNotContain(ServingHost.Secret);
        (await CallAsync(host.Put("openai-chat error:401"))).Text.ShouldNotContain(
            ServingHost.Secret
        );
    }

    private long Later(TimeSpan by) => (host.Time.GetUtcNow() + by).ToUnixTimeSeconds();

    private Task<Reply> CallAsync(string model) =>
        host.CallAsync("chat/completions", CallBodies.Of("chat/completions", model, stream: false));
}

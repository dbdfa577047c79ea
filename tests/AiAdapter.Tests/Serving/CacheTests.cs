using System.Net;
using ApiSvc.AiAdapter.Serving.Caching;
using ApiSvc.Contracts.AiUsage.V1;

namespace ApiSvc.AiAdapter.Tests.Serving;

/// <summary>Equal requests to a model whose owner has its answers kept.</summary>
public sealed class CacheTests(ServingHost host) : IClassFixture<ServingHost>
{
    private const string Path = "chat/completions";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Who calls is a team anew with each token, unless it is the same token.
    private readonly (string, string) _caller = ("x-apisvc-caller", host.Token());

    public static TheoryData<string, bool> Calls => FaultTests.Calls();

    [Theory, MemberData(nameof(Calls))]
    public async Task Call_Again_IsAnsweredAlikeAndCostsNothing(string path, bool stream)
    {
        var model = host.PutCached(Minute, "gemini rich");
        var body = CallBodies.Of(path, model, stream);

        var first = await host.CallAsync(path, body, _caller);
        var again = await host.CallAsync(path, body, _caller);

        first.Status.ShouldBe(HttpStatusCode.OK, first.Text);
        first.Cache.ShouldBe("apisvc-ai; fwd=miss");
        first.Record!.CacheStatus.ShouldBe(AiCacheStatus.Miss);
        again.Cache.ShouldBe("apisvc-ai; hit; ttl=60");
        (again.Status, again.Text, again.MediaType).ShouldBe(
            (first.Status, first.Text, first.MediaType)
        );
        var record = again.Record.ShouldNotBeNull();
        record.CacheStatus.ShouldBe(AiCacheStatus.Hit);
        record.Outcome.ShouldBe(AiOutcome.Completed);
        (record.Attempts, record.InputTokens, record.HasCostPico).ShouldBe((0u, 0ul, false));
        (record.Finish, record.Streamed, record.Status).ShouldBe(
            (first.Record.Finish, stream, 200u)
        );
    }

    [Fact]
    public async Task Call_FieldsInAnotherOrder_IsTheSame()
    {
        var model = host.PutCached(Minute, "ollama plain");
        object[] messages = [new { role = "user", content = "How are you?" }];
        object[] turned = [new { content = "How are you?", role = "user" }];

        await host.CallAsync(Path, new { model, messages }, _caller);
        var same = await host.CallAsync(Path, new { messages = turned, model }, _caller);
        var other = await host.CallAsync(
            Path,
            new
            {
                model,
                messages,
                temperature = 1,
            },
            _caller
        );

        same.Cache.ShouldStartWith("apisvc-ai; hit");
        other.Cache.ShouldBe("apisvc-ai; fwd=miss");
    }

    [Fact]
    public async Task Call_OfAnotherTeam_IsNotAnsweredFromTheCache()
    {
        var model = host.PutCached(Minute, "ollama plain");
        var body = CallBodies.Of(Path, model, stream: false);

        await host.CallAsync(Path, body, _caller);
        var other = await host.CallAsync(Path, body, ("x-apisvc-caller", host.Token()));

        other.Cache.ShouldBe("apisvc-ai; fwd=miss");
        other.Record!.InputTokens.ShouldBe(9ul);
    }

    [Fact]
    public async Task Call_AfterItsTimeOrAChangeOfTheModel_IsMadeAnew()
    {
        var model = host.PutCached(Minute, "ollama plain");
        var body = CallBodies.Of(Path, model, stream: false);

        await host.CallAsync(Path, body, _caller);
        host.Time.Advance(Minute);
        var late = await host.CallAsync(Path, body, _caller);
        var again = await host.CallAsync(Path, body, _caller);
        host.Change(model, "anthropic plain");
        var changed = await host.CallAsync(Path, body, _caller);

        late.Cache.ShouldBe("apisvc-ai; fwd=miss");
        again.Cache.ShouldBe("apisvc-ai; hit; ttl=60");
        changed.Cache.ShouldBe("apisvc-ai; fwd=miss");
        changed.Record!.Provider.ShouldBe("anthropic");
    }

    [Theory]
    [InlineData("openai-chat tokens:40+end:20", true)]
    [InlineData("openai-chat error:500", false)]
    public async Task Call_WithoutAWholeAnswer_IsNotKept(string behaviour, bool stream)
    {
        var model = host.PutCached(Minute, behaviour);
        var body = CallBodies.Of(Path, model, stream);

        await host.CallAsync(Path, body, _caller);
        var again = await host.CallAsync(Path, body, _caller);

        again.Record!.CacheStatus.ShouldBe(AiCacheStatus.Miss);
        again.Record.Outcome.ShouldBe(AiOutcome.Failed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_AnswerIsLongerThanIsKept_IsWholeEachTime(bool stream)
    {
        var model = host.PutCached(Minute, $"ollama giant:{AnswerCache.MaxAnswer}");
        var body = CallBodies.Of(Path, model, stream);

        var first = await host.CallAsync(Path, body, _caller);
        var again = await host.CallAsync(Path, body, _caller);

        first.Text.Count(c => c == 'x').ShouldBeGreaterThanOrEqualTo(AnswerCache.MaxAnswer);
        again.Text.Length.ShouldBe(first.Text.Length);
        again.Record!.CacheStatus.ShouldBe(AiCacheStatus.Miss);
        again.Record.Outcome.ShouldBe(AiOutcome.Completed);
    }

    [Fact]
    public async Task Call_OfAModelThatIsNotCached_SaysNothingOfACache()
    {
        var body = CallBodies.Of(Path, host.Put("ollama plain"), stream: false);

        await host.CallAsync(Path, body, _caller);
        var again = await host.CallAsync(Path, body, _caller);

        again.Cache.ShouldBeNull();
        again.Record!.CacheStatus.ShouldBe(AiCacheStatus.Unspecified);
    }
}

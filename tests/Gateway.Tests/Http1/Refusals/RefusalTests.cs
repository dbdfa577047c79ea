using ApiSvc.Gateway.Tests.Http1.Wire;
using ApiSvc.Testing;

namespace ApiSvc.Gateway.Tests.Http1.Refusals;

/// <summary>Each request that must be refused: alone, behind a good one, and before one that looks good.</summary>
public sealed class RefusalTests(RefusalHosts hosts) : IClassFixture<RefusalHosts>
{
    private static readonly Dictionary<string, BadRequest> All = (
        (IEnumerable<BadRequest>)
            [.. LineFaults.All, .. FieldFaults.All, .. LengthFaults.All, .. BodyFaults.All]
    ).ToDictionary(r => Visible(r.Name));

    public static TheoryData<string> Requests => [.. All.Keys];

    [Fact]
    public void Requests_InAll_AreMany() => All.Count.ShouldBeGreaterThan(250);

    [Theory, MemberData(nameof(Requests))]
    public async Task Refuse_Alone_AnswersAndCloses(string name)
    {
        using var client = await RawClient.ConnectAsync(hosts.Gateway.Http);
        await ShouldBeRefusedAsync(client, All[name], RefusalHosts.NewPath(), "");
    }

    [Theory, MemberData(nameof(Requests))]
    public async Task Refuse_BehindAGoodRequest_AnswersThatAndCloses(string name)
    {
        using var client = await RawClient.ConnectAsync(hosts.Gateway.Http);
        var good = RefusalHosts.NewPath();
        var answer = await client.AskAsync(
            $"POST {good} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\ngood"
        );
        answer.Status.ShouldBe(200);
        answer.Text.ShouldBe($"POST /{good[3..]}\n\ngood");
        await ShouldBeRefusedAsync(client, All[name], RefusalHosts.NewPath(), "");
        hosts
            .Upstream.Answered.Count(r => r.Text.Contains(good[3..], StringComparison.Ordinal))
            .ShouldBe(1);
    }

    [Theory, MemberData(nameof(Requests))]
    public async Task Refuse_BeforeWhatLooksGood_ServesNothing(string name)
    {
        using var client = await RawClient.ConnectAsync(hosts.Gateway.Http);
        var second = RefusalHosts.NewPath();
        await ShouldBeRefusedAsync(
            client,
            All[name],
            RefusalHosts.NewPath(),
            $"GET {second} HTTP/1.1\r\nHost: a\r\n\r\n"
        );
        hosts.Upstream.Saw(second[3..]).ShouldBeFalse();
        hosts.ShouldNotBeSeen(second[3..]);
    }

    private async Task ShouldBeRefusedAsync(
        RawClient client,
        BadRequest request,
        string path,
        string behind
    )
    {
        await client.SendAsync(
            request.Bytes.Replace("{p}", path, StringComparison.Ordinal) + behind
        );
        var answer = await client.ReadAsync();
        answer.Status.ShouldBe(request.Status);
        answer.Problem.ShouldNotBeNull();
        answer["Connection"].ShouldBe("close");
        (await client.ReadToEndAsync()).ShouldBeEmpty();
        var record = hosts.Gateway.Records.Of(answer["X-Request-Id"]);
        record.Status.ShouldBe((uint)request.Status);
        record.ProblemId.ShouldBe(answer.Problem);
        // What the upstream calls it begins behind the base path.
        var seen = path[3..];
        if (!request.InBody)
        {
            hosts.Upstream.Saw(seen).ShouldBeFalse();
        }

        await Eventually.HoldsAsync(
            () => hosts.Upstream.HasEnded(seen),
            "the upstream sees the end of what was refused"
        );
        hosts.ShouldNotBeSeen(seen);
    }

    private static string Visible(string name) =>
        string.Concat(name.Select(c => c is < ' ' or > '~' ? $"\\x{(int)c:x2}" : c.ToString()));
}

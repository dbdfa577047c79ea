using System.Globalization;
using System.Net;
using System.Text.Json;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.CallRecords.V1;
using Google.Protobuf;

namespace ApiSvc.Analytics.Tests.Queries;

public sealed class SearchTests(SceneFixture fixture) : IClassFixture<SceneFixture>
{
    private static readonly string Range =
        $"from={Scene.Midnight.AddDays(-2).UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}";

    private Scene Scene => fixture.Scene;

    [Fact]
    public async Task Search_PageByPage_GivesEveryCallOfTheTeamOnceNewestFirst()
    {
        var party = Scene.Host.Of(Scene.Shop, "viewer");

        var found = await AllAsync(party, $"{Scene.PathOf(Scene.Shop)}/calls?{Range}&limit=200");

        found.ShouldBe(Scene.Of(Scene.Shop).OrderByDescending(r => r.StartUs).Select(IdOf));
    }

    [Theory]
    [InlineData("status=401&status=500")]
    [InlineData("statusClass=4xx&environment=sandbox")]
    [InlineData("pathContains=orders/1&method=GET")]
    [InlineData("clientAddress=192.0.2.3&user=someone")]
    [InlineData("minLatencyUs=5000&maxLatencyUs=20000")]
    [InlineData("problemId=refused&side=provider")]
    [InlineData("application=none")]
    [InlineData("node=node-7")]
    [InlineData("userAgentContains=agent&queryContains=page")]
    [InlineData("host=other.example")]
    public async Task Search_WithFilters_GivesWhatMatches(string filters)
    {
        var party = Scene.Host.Of(Scene.Acme, "publisher");

        var found = await AllAsync(
            party,
            $"{Scene.PathOf(Scene.Acme)}/calls?{Range}&limit=200&{filters}"
        );

        found.ShouldBe(
            Scene
                .Of(Scene.Acme, filters.Contains("side=provider") ? "provider" : "both")
                .Where(r => Matches(r, filters))
                .OrderByDescending(r => r.StartUs)
                .Select(IdOf)
        );
    }

    [Fact]
    public async Task Search_CursorOfAnotherListOrChanged_IsAViolation()
    {
        var acme = Scene.Host.Of(Scene.Acme, "viewer");
        var shop = Scene.Host.Of(Scene.Shop, "viewer");
        var path = $"{Scene.PathOf(Scene.Acme)}/calls?limit=1&{Range}";
        var cursor = (await acme.GetAsync(path)).Json.GetProperty("nextCursor").GetString()!;
        (await acme.GetAsync($"{path}&cursor={cursor}")).ShouldBe(HttpStatusCode.OK);

        string[] wrong =
        [
            $"{path}&cursor={cursor[..^1]}{(cursor[^1] == 'A' ? 'B' : 'A')}",
            $"{path}&status=200&cursor={cursor}",
            $"{path}&cursor=' or 1=1 --",
        ];
        foreach (var forged in wrong)
        {
            (await acme.GetAsync(forged))
                .ShouldBe(HttpStatusCode.BadRequest)
                .Violations.ShouldBe(["query:cursor invalid_cursor"]);
        }

        (await shop.GetAsync($"{Scene.PathOf(Scene.Shop)}/calls?limit=1&{Range}&cursor={cursor}"))
            .ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldBe(["query:cursor invalid_cursor"]);
    }

    [Fact]
    public async Task Search_NothingMatches_StopsInTimeAndGoesOn()
    {
        // A time that is up after the first window.
        await using var host = await AnalyticsHost.StartAsync(
            database: Scene.Host.Database,
            settings: ("Queries:SearchTime", "00:00:00.001")
        );
        var party = host.Of(Scene.Acme, "viewer");
        var path = $"{Scene.PathOf(Scene.Acme)}/calls?{Range}&host=nowhere.example";

        var first = (await party.GetAsync(path)).ShouldBe(HttpStatusCode.OK).Json;

        first.GetProperty("items").GetArrayLength().ShouldBe(0);
        first.GetProperty("nextCursor").GetString().ShouldNotBeNull();
        (await AllAsync(party, path)).ShouldBeEmpty();
        (
            await AllAsync(party, $"{Scene.PathOf(Scene.Acme)}/calls?{Range}&limit=200")
        ).Count.ShouldBe(Scene.Of(Scene.Acme).Count());
    }

    [Fact]
    public async Task Get_OwnCall_IsInFull()
    {
        var record = Scene.Of(Scene.Acme, "provider").First();
        var party = Scene.Host.Of(Scene.Acme, "viewer");

        foreach (var id in (string[])[IdOf(record), new Guid(record.CallId.Span, true).ToString()])
        {
            var call = (await party.GetAsync($"{Scene.PathOf(Scene.Acme)}/calls/{id}"))
                .ShouldBe(HttpStatusCode.OK)
                .Json;

            call.GetProperty("path").GetString().ShouldBe(record.Path);
            call.GetProperty("upstreamAddress").GetString().ShouldBe("10.9.8.7:80");
            call.GetProperty("traceId")
                .GetString()
                .ShouldBe(Convert.ToHexStringLower(record.TraceId.Span));
        }
    }

    [Fact]
    public async Task Get_CallOfItsApplicationToAnother_IsWithoutTheProvidersSide()
    {
        var record = Scene
            .Of(Scene.Shop, "consumer")
            .First(r => r.ProviderTeamId.Equals(Sample.Bytes(Scene.Acme)));
        var party = Scene.Host.Of(Scene.Shop, "viewer");

        var call = (await party.GetAsync($"{Scene.PathOf(Scene.Shop)}/calls/{IdOf(record)}"))
            .ShouldBe(HttpStatusCode.OK)
            .Json;

        call.ToString().ShouldNotContain("10.9.8.7");
        call.ToString().ShouldNotContain("node-7");
        // Nor can it be found by asking for it.
        var found = await AllAsync(
            party,
            $"{Scene.PathOf(Scene.Shop)}/calls?{Range}&limit=200&upstreamAddress=10.9.8.7:80"
        );
        found.ShouldBe(
            Scene.Of(Scene.Shop, "provider").OrderByDescending(r => r.StartUs).Select(IdOf)
        );
    }

    [Theory]
    [InlineData("call_00000000000000000000000000")]
    [InlineData("018f0000-0000-7000-8000-000000000000")]
    [InlineData("ffffffff-ffff-7fff-bfff-ffffffffffff")]
    [InlineData("x' or 1=1 --")]
    public async Task Get_NoCall_IsNotFound(string id) =>
        (
            await Scene
                .Host.Of(null, "auditor")
                .GetAsync($"/v1/platform/calls/{Uri.EscapeDataString(id)}")
        ).ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task Export_AsNdjsonAndCsv_HasEveryCall()
    {
        var party = Scene.Host.Of(Scene.Acme, "viewer");
        var expected = Scene.Of(Scene.Acme).OrderByDescending(r => r.StartUs).Select(IdOf).ToList();

        var ndjson = await party.GetAsync($"{Scene.PathOf(Scene.Acme)}/calls/export?{Range}");
        var csv = await party.GetAsync(
            $"{Scene.PathOf(Scene.Acme)}/calls/export?{Range}&format=csv"
        );

        ndjson
            .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString())
            .ShouldBe(expected);
        var lines = csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldStartWith("id,start,");
        lines.Skip(1).Select(line => line.Split(',')[0]).ShouldBe(expected);
    }

    internal static async Task<List<string>> AllAsync(Party party, string path)
    {
        var found = new List<string>();
        for (string? cursor = ""; cursor is not null; )
        {
            var answer = await party.GetAsync(
                path + (cursor.Length == 0 ? "" : "&cursor=" + cursor)
            );
            var json = answer.ShouldBe(HttpStatusCode.OK).Json;
            found.AddRange(
                json.GetProperty("items")
                    .EnumerateArray()
                    .Select(c => c.GetProperty("id").GetString()!)
            );
            cursor = json.GetProperty("nextCursor").GetString();
        }

        return found;
    }

    private static string IdOf(CallRecord record) =>
        Scene.Text<CallKind>(new Guid(record.CallId.Span, bigEndian: true));

    private static bool Matches(CallRecord r, string filters) =>
        filters switch
        {
            "status=401&status=500" => r.Status is 401 or 500,
            "statusClass=4xx&environment=sandbox" => r.Status / 100 == 4
                && r.Environment == "sandbox",
            "pathContains=orders/1&method=GET" => r.Path.Contains("orders/1"),
            "clientAddress=192.0.2.3&user=someone" => r.ClientAddress == "192.0.2.3"
                && r.User == "someone",
            "minLatencyUs=5000&maxLatencyUs=20000" => r.LatencyUs is >= 5000 and <= 20000,
            "problemId=refused&side=provider" => r.ProblemId == "refused",
            "application=none" => r.ApplicationId.IsEmpty,
            "node=node-7" => r.ProviderTeamId.Equals(Sample.Bytes(Scene.Acme)),
            "userAgentContains=agent&queryContains=page" => true,
            _ => false,
        };
}

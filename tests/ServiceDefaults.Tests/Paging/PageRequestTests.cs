using System.Net;
using System.Text.Json;
using ApiSvc.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Tests.Paging;

public sealed class PageRequestTests
{
    private const string OtherKey = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=";

    [Fact]
    public async Task Get_FollowingCursors_ReadsEachItemOnce()
    {
        await using var host = await StartAsync();
        var read = new List<long>();
        var path = "/v1/teams/team_a/numbers?limit=7&even=true";
        for (var page = 0; path is not null; page++)
        {
            page.ShouldBeLessThan(20);
            var answer = await host.GetAsync(path);
            read.AddRange(Items(answer));
            path = answer.Headers.TryGetValue("Link", out var link) ? Next(link) : null;
            (path is null).ShouldBe(NextCursor(answer) is null);
        }

        read.ShouldBe(Enumerable.Range(0, 50).Select(i => i * 2L));
    }

    [Fact]
    public async Task Get_LastPageFull_HasNoNext()
    {
        await using var host = await StartAsync();

        var answer = await host.GetAsync("/v1/teams/team_a/numbers?limit=100");

        Items(answer).Length.ShouldBe(100);
        NextCursor(answer).ShouldBeNull();
        answer.Headers.Keys.ShouldNotContain("Link");
    }

    [Theory]
    [InlineData("/v1/teams/team_b/numbers?limit=5&cursor={0}")]
    [InlineData("/v1/teams/team_a/names?limit=5&cursor={0}")]
    [InlineData("/v1/teams/team_a/numbers?limit=5&even=true&cursor={0}")]
    public async Task Get_CursorOfAnotherListOrFilter_IsRefused(string path)
    {
        await using var host = await StartAsync();
        var cursor = NextCursor(await host.GetAsync("/v1/teams/team_a/numbers?limit=5"));

        var answer = await host.GetAsync(path.Replace("{0}", cursor, StringComparison.Ordinal));

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Violations.ShouldBe(["query:cursor invalid_cursor"]);
    }

    [Fact]
    public async Task Get_SameFiltersInAnotherOrderAndLimit_IsTheSameList()
    {
        await using var host = await StartAsync();
        var cursor = NextCursor(
            await host.GetAsync("/v1/teams/team_a/numbers?even=true&above=3&limit=2")
        );

        var answer = await host.GetAsync(
            $"/v1/teams/team_a/numbers?limit=3&cursor={cursor}&above=3&even=true"
        );

        Items(answer).ShouldBe([8, 10, 12]);
    }

    [Fact]
    public async Task Get_AnyChangedOrTruncatedCursor_IsRefused()
    {
        await using var host = await StartAsync();
        var cursor = NextCursor(await host.GetAsync("/v1/teams/team_a/numbers?limit=5"))!;
        var forged = Enumerable
            .Range(0, cursor.Length)
            .Select(i => cursor[..i] + (cursor[i] == 'A' ? 'B' : 'A') + cursor[(i + 1)..]);
        var truncated = Enumerable.Range(0, cursor.Length).Select(i => cursor[..i]);

        foreach (var wrong in forged.Concat(truncated).Append(cursor + "AAAA").Append("%00"))
        {
            var answer = await host.GetAsync($"/v1/teams/team_a/numbers?limit=5&cursor={wrong}");
            answer.Status.ShouldBe(HttpStatusCode.BadRequest, wrong);
            answer.Violations.ShouldBe(["query:cursor invalid_cursor"]);
        }
    }

    [Fact]
    public async Task Get_AfterTheKeyWasRotated_OldCursorsHoldWhileTheOldKeyIsThere()
    {
        await using var before = await StartAsync();
        var rotated = new Dictionary<string, string?>(RestHost.Keys)
        {
            ["Sealing:ActiveKey"] = "k2",
            ["Sealing:Keys:k2"] = OtherKey,
        };
        await using var after = await StartAsync(rotated);
        rotated.Remove("Sealing:Keys:k1");
        await using var later = await StartAsync(rotated);

        var cursor = NextCursor(await before.GetAsync("/v1/teams/team_a/numbers?limit=5"));
        var path = $"/v1/teams/team_a/numbers?limit=5&cursor={cursor}";

        Items(await after.GetAsync(path)).ShouldBe([5, 6, 7, 8, 9]);
        (await later.GetAsync(path)).Violations.ShouldBe(["query:cursor invalid_cursor"]);
    }

    private static Task<RestHost> StartAsync(IDictionary<string, string?>? settings = null) =>
        RestHost.StartAsync(
            app =>
            {
                app.MapGet(
                    "/v1/teams/{team}/numbers",
                    (string team, PageRequest<long> page, bool? even, long? above) =>
                    {
                        var rows = Enumerable
                            .Range(0, 100)
                            .Select(i => (long)i)
                            .Where(n => even != true || n % 2 == 0)
                            .Where(n =>
                                n > (above ?? -1) && (page.After is not { } after || n > after)
                            )
                            .Take(page.Fetch)
                            .ToList();
                        return page.ToPage(rows, n => n, n => n);
                    }
                );
                app.MapGet(
                    "/v1/teams/{team}/names",
                    (string team, PageRequest<long> page) => page.ToPage([1L], n => n, n => n)
                );
            },
            settings
        );

    private static long[] Items(Answer answer) =>
        [.. answer.Json.GetProperty("items").EnumerateArray().Select(i => i.GetInt64())];

    private static string? NextCursor(Answer answer) =>
        answer.Json.GetProperty("nextCursor").GetString();

    private static string Next(string link)
    {
        link.ShouldEndWith("; rel=\"next\"");
        var reference = link[1..link.IndexOf('>', StringComparison.Ordinal)];
        return new Uri(
            new Uri("http://localhost/v1/teams/team_a/numbers?x=1"),
            reference
        ).PathAndQuery;
    }
}

using System.ComponentModel.DataAnnotations;
using System.Net;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Builder;

namespace ApiSvc.ServiceDefaults.Tests.Requests;

public sealed class QueryTests : IAsyncLifetime
{
    private RestHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await RestHost.StartAsync(app =>
            app.MapGet(
                "/v1/apis",
                (Query<ApiFilter> filter, PageRequest<Guid> page, int? verbose) =>
                    $"{filter.Value.State} {filter.Value.MinSize} {filter.Value.Since:u} {string.Join('+', filter.Value.Tag)} {page.Limit} {verbose}"
            )
        );

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Get_ValidQuery_IsRead()
    {
        var answer = await _host.GetAsync(
            "/v1/apis?state=live&minSize=7&tag=a&tag=b&since=2026-01-02T03:04:05Z&limit=3&verbose=1"
        );

        answer.Text.ShouldBe("Live 7 2026-01-02 03:04:05Z a+b 3 1");
    }

    [Fact]
    public async Task Get_NoQuery_HasDefaults() =>
        (await _host.GetAsync("/v1/apis")).Text.ShouldBe("  0001-01-01 00:00:00Z  50 ");

    [Fact]
    public async Task Get_EverythingWrong_IsReportedAtOnce()
    {
        var answer = await _host.GetAsync(
            "/v1/apis?limit=abc&cursor=x&staet=live&minSize=0&minSize=2&since=yesterday&state=%zz"
        );

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer
            .Violations.Order(StringComparer.Ordinal)
            .ShouldBe([
                "query:cursor invalid_cursor",
                "query:limit range",
                "query:minSize duplicate",
                "query:minSize range",
                "query:since wrong_type",
                "query:staet unknown_parameter",
                "query:state wrong_type",
            ]);
        answer.DetailOf("query:staet").ShouldContain("'state'");
        answer.DetailOf("query:state").ShouldContain("draft, live");
    }

    [Theory]
    [InlineData("verbose=x", "query:verbose wrong_type")]
    [InlineData("limit=0", "query:limit range")]
    [InlineData("limit=201", "query:limit range")]
    [InlineData("limit=1&limit=2", "query:limit range")]
    [InlineData("limit=%2B5", "query:limit range")]
    [InlineData("minSize=1e99", "query:minSize wrong_type")]
    public async Task Get_OneWrong_IsThatViolation(string query, string expected) =>
        (await _host.GetAsync($"/v1/apis?{query}")).Violations.ShouldBe([expected]);

    private enum State
    {
        Draft,
        Live,
    }

    private sealed record ApiFilter
    {
        public State? State { get; init; }

        [Range(1, 9)]
        public int? MinSize { get; init; }

        public DateTimeOffset Since { get; init; }

        public IReadOnlyList<string> Tag { get; init; } = [];
    }
}

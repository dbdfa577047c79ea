using System.Net;
using System.Text.Json;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.Testing;
using Dapper;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Tests.Identifiers;

public sealed class IdTests
{
    private static readonly Id<ApiKind> Known = new(
        Guid.Parse("0190c0de-1234-7abc-8def-0123456789ab")
    );

    [Fact]
    public void Parse_OwnText_GivesTheSame() =>
        Prop.ForAll<Guid>(guid => Id<ApiKind>.Parse(new Id<ApiKind>(guid).ToString()).Value == guid)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void ToString_TwoIds_SortAsTheirBytes() =>
        Prop.ForAll<Guid, Guid>(
                (a, b) =>
                {
                    var texts = string.CompareOrdinal(
                        new Id<ApiKind>(a).ToString(),
                        new Id<ApiKind>(b).ToString()
                    );
                    var bytes = a.ToByteArray(bigEndian: true)
                        .AsSpan()
                        .SequenceCompareTo(b.ToByteArray(bigEndian: true));
                    return Math.Sign(texts) == Math.Sign(bytes);
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000", "api_00000000000000000000000000")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff", "api_7zzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("00000000-0000-0000-0000-00000000001f", "api_0000000000000000000000000z")]
    public void ToString_Extremes_AreAsCrockfordCounts(string uuid, string text) =>
        new Id<ApiKind>(Guid.Parse(uuid)).ToString().ShouldBe(text);

    [Fact]
    public void TryParse_MisreadDigitsAndCapitals_AreUnderstood()
    {
        var id = new Id<ApiKind>(new Guid("00000000-0000-0000-0000-000000000001"));

        Id<ApiKind>.TryParse("API_oO0000000000000000000000OL", out var read).ShouldBeTrue();

        read.ShouldBe(id);
    }

    [Theory]
    [InlineData("app_00000000000000000000000000", "must start with 'api_'")]
    [InlineData("00000000000000000000000000", "must start with 'api_'")]
    [InlineData("api_80000000000000000000000000", "the first at most 7")]
    [InlineData("api_0000000000000000000000000", "26 characters")]
    [InlineData("api_000000000000000000000000000", "26 characters")]
    [InlineData("api_0000000000000000000000000u", "base 32")]
    [InlineData("api_0000000000000000000000000é", "base 32")]
    [InlineData("", "starts with 'api_'")]
    public void Parse_WrongText_SaysWhatIsRight(string text, string hint)
    {
        Should.Throw<FormatException>(() => Id<ApiKind>.Parse(text)).Message.ShouldContain(hint);
        Id<ApiKind>.TryParse(text, out _).ShouldBeFalse();
    }

    [Fact]
    public void Json_ValueAndKey_RoundTrip()
    {
        var given = new Dictionary<Id<ApiKind>, Id<ApiKind>> { [Known] = Known };

        var json = JsonSerializer.Serialize(given);

        json.ShouldBe($$"""{"{{Known}}":"{{Known}}"}""");
        JsonSerializer.Deserialize<Dictionary<Id<ApiKind>, Id<ApiKind>>>(json).ShouldBe(given);
    }

    [Fact]
    public async Task Dapper_ParameterAndColumn_AreUuid()
    {
        IdTypeHandler<ApiKind>.Register();
        await using var db = new NpgsqlConnection(await PostgresServer.CreateDatabaseAsync());

        var row = await db.QuerySingleAsync<Row>(
            "select @id as id, pg_typeof(@id)::text as type",
            new { id = Known }
        );

        row.ShouldBe(new Row(Known, "uuid"));
    }

    [Fact]
    public async Task Route_WrongIds_AreAllReported()
    {
        await using var host = await RestHost.StartAsync(app =>
            app.MapGet(
                "/v1/apis/{apiId}/keys/{keyId}",
                (Id<ApiKind> apiId, Id<KeyKind> keyId, Id<TeamKind> team) =>
                    $"{apiId} {keyId} {team}"
            )
        );
        var key = new Id<KeyKind>(Known.Value);
        var team = new Id<TeamKind>(Known.Value);

        var right = await host.GetAsync($"/v1/apis/{Known}/keys/{key}?team={team}");
        var wrong = await host.GetAsync($"/v1/apis/{key}/keys/key_1");

        right.Status.ShouldBe(HttpStatusCode.OK);
        right.Text.ShouldBe($"{Known} {key} {team}");
        wrong.Status.ShouldBe(HttpStatusCode.BadRequest);
        wrong.Violations.ShouldBe([
            "path:apiId invalid_id",
            "path:keyId invalid_id",
            "query:team required",
        ]);
        wrong.DetailOf("path:apiId").ShouldContain("'api_'");
    }

    [Fact]
    public async Task Route_OptionalId_IsNullOrReadOrRefused()
    {
        await using var host = await RestHost.StartAsync(app =>
            app.MapGet("/v1/apis", (Id<TeamKind>? team) => team?.ToString() ?? "none")
        );

        (await host.GetAsync("/v1/apis")).Text.ShouldBe("none");
        (await host.GetAsync($"/v1/apis?team=team_{"0".PadLeft(26, '0')}")).Text.ShouldStartWith(
            "team_0"
        );
        (await host.GetAsync("/v1/apis?team=x")).Violations.ShouldBe(["query:team invalid_id"]);
    }

    private sealed record Row(Id<ApiKind> Id, string Type);
}

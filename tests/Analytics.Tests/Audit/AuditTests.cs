using System.Net;
using System.Security.Cryptography;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.Analytics.V1;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.Testing;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ApiSvc.Analytics.Tests.Audit;

public sealed class AuditTests : IAsyncLifetime
{
    private static readonly Guid Acme = Guid.CreateVersion7();
    private static readonly Guid Shop = Guid.CreateVersion7();
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private static readonly string OfAcme = Scene.PathOf(Acme);

    private TestBroker _broker = null!;
    private AnalyticsHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _host = await AnalyticsHost.StartAsync(_broker.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Search_EntriesOfTwoServices_AreATeamsNewestFirstOverAllPages()
    {
        var entries = await TakeInThirteenAsync();
        var owner = _host.Of(Acme, "owner");

        var shown = new List<string>();
        var path = $"{OfAcme}/audit?limit=3";
        for (string? next = ""; next is not null; )
        {
            var page = (await owner.GetAsync(next.Length == 0 ? path : $"{path}&cursor={next}"))
                .ShouldBe(HttpStatusCode.OK)
                .Json;
            shown.AddRange(
                page.GetProperty("items")
                    .EnumerateArray()
                    .Select(i => i.GetProperty("id").GetString()!)
            );
            next = page.TryGetProperty("nextCursor", out var cursor) ? cursor.GetString() : null;
        }

        shown.ShouldBe(entries.Where(e => TeamOf(e) == Acme).Reverse().Select(e => $"{IdOf(e)}"));
        var all = await _host.Of(null, "auditor").GetAsync("/v1/platform/audit");
        all.Json.GetProperty("items").GetArrayLength().ShouldBe(entries.Count);
        var first = (await owner.GetAsync($"{OfAcme}/audit?objectId=obj_1")).Json.GetProperty(
            "items"
        )[0];
        first.GetProperty("before").GetProperty("name").GetString().ShouldBe("old");
        first.GetProperty("teamId").GetString().ShouldBe(Team(Acme));
    }

    [Fact]
    public async Task Search_WithFilters_ShowsWhatMatchesThem()
    {
        var entries = await TakeInThirteenAsync();
        var owner = _host.Of(Acme, "owner");
        var begin = Timestamp.FromDateTimeOffset(Start).Seconds;
        (string Query, Func<AuditEvent, bool> Matches)[] filters =
        [
            ("service=catalog", e => e.Service == "catalog"),
            ("actor=user_4", e => e.Actor == "user_4"),
            ("action=api.update", e => e.Action == "api.update"),
            ("action=api.*", e => e.Action.StartsWith("api.", StringComparison.Ordinal)),
            ("objectId=obj_5", e => e.ObjectId == "obj_5"),
            ("objectKind=plan", e => e.ObjectKind == "plan"),
            ("result=denied", e => e.Result == "denied"),
            (
                "from=2026-03-04T05:06:12Z&to=2026-03-04T05:06:15Z",
                e => e.Time.Seconds - begin is >= 5 and < 8
            ),
        ];

        foreach (var (query, matches) in filters)
        {
            var answer = (await owner.GetAsync($"{OfAcme}/audit?{query}")).ShouldBe(
                HttpStatusCode.OK
            );
            answer
                .Json.GetProperty("items")
                .EnumerateArray()
                .Select(i => i.GetProperty("position").GetUInt64())
                .ShouldBe(
                    entries
                        .Where(e => TeamOf(e) == Acme && matches(e))
                        .Reverse()
                        .Select(e => e.Position),
                    query
                );
        }
    }

    [Fact]
    public async Task Search_AnotherTeamsOrThePlatforms_IsRefused()
    {
        await TakeInAsync([Entry(1, "catalog", Acme)]);
        var stranger = _host.Of(Shop, "owner");
        var viewer = _host.Of(Acme, "viewer");

        (await stranger.GetAsync($"{OfAcme}/audit")).ShouldBe(HttpStatusCode.NotFound);
        (await viewer.GetAsync($"{OfAcme}/audit")).ShouldBe(HttpStatusCode.Forbidden);
        (await stranger.GetAsync("/v1/platform/audit")).ShouldBe(HttpStatusCode.Forbidden);
        (await stranger.GetAsync($"{Scene.PathOf(Shop)}/audit"))
            .Json.GetProperty("items")
            .GetArrayLength()
            .ShouldBe(0);
        (await RefusedAsync(stranger, new() { TeamId = Team(Acme) })).ShouldBe(StatusCode.NotFound);
        (await RefusedAsync(viewer, new() { TeamId = Team(Acme) })).ShouldBe(
            StatusCode.PermissionDenied
        );
        (await RefusedAsync(stranger, new())).ShouldBe(StatusCode.PermissionDenied);
    }

    [Theory]
    [InlineData("from=2026-03-04T00:00:00Z&to=2026-03-04T00:00:00Z", "query:to reversed")]
    [InlineData("result=maybe", "query:result unknown_value")]
    [InlineData("action=a*b", "query:action invalid")]
    [InlineData("cursor=forged", "query:cursor invalid_cursor")]
    [InlineData("limit=0", "query:limit range")]
    [InlineData("actor=a&actor=b", "query:actor duplicate")]
    [InlineData("colour=red", "query:colour unknown_parameter")]
    public async Task Search_BadQuestion_IsToldWhatIsWrong(string query, string violation)
    {
        var answer = await _host.Of(Acme, "owner").GetAsync($"{OfAcme}/audit?{query}");

        answer.ShouldBe(HttpStatusCode.BadRequest);
        answer.Violations.ShouldBe([violation]);
    }

    [Fact]
    public async Task Search_OverGrpc_AnswersTheSame()
    {
        await TakeInAsync([Entry(1, "catalog", Acme), Entry(2, "catalog", Acme)]);
        var owner = _host.Of(Acme, "owner");

        var page = await Client.SearchAuditAsync(
            new() { TeamId = Team(Acme), Limit = 1 },
            owner.Headers
        );
        var next = await Client.SearchAuditAsync(
            new()
            {
                TeamId = Team(Acme),
                Limit = 1,
                Cursor = page.NextCursor,
            },
            owner.Headers
        );

        page.Entries.Select(e => e.Position).ShouldBe([2UL]);
        next.Entries.Select(e => e.Position).ShouldBe([1UL]);
        next.NextCursor.ShouldBeEmpty();
        next.Entries[0].Hash.Length.ShouldBe(32);
        (
            await RefusedAsync(
                owner,
                new()
                {
                    TeamId = Team(Acme),
                    Actor = "somebody",
                    Cursor = page.NextCursor,
                }
            )
        ).ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task TakeIn_RepeatedRewrittenAndUnreadable_KeepsTheFirstAndTellsOfTheRewritten()
    {
        var entry = Entry(1, "catalog", Acme);
        var rewritten = entry.Clone();
        rewritten.Actor = "user_9";
        rewritten.Hash = ByteString.CopyFrom(SHA256.HashData("another"u8));
        await TakeInAsync([entry]);

        await _broker.PublishAsync("apisvc.audit", entry);
        await _broker.PublishAsync("apisvc.audit", rewritten);
        await _broker.PublishAsync("apisvc.audit", rewritten);
        await _broker.PublishAsync("apisvc.audit", new AuditEvent { Service = "catalog" });
        await TakeInAsync([Entry(2, "catalog", Acme)], before: 1);

        (
            await _host.ListAsync<string>("select actor from audit_entry order by position")
        ).ShouldBe([entry.Actor, "user_2"]);
        (await _host.QueryAsync<byte[]>("select hash from audit_conflict")).ShouldBe(
            rewritten.Hash.ToByteArray()
        );
        (await _host.QueryAsync<long>("select count(*) from audit_conflict")).ShouldBe(1);
    }

    private AuditTrail.AuditTrailClient Client => new(_host.Channel);

    private async Task<StatusCode> RefusedAsync(Party party, SearchAuditRequest request) =>
        (
            await Should.ThrowAsync<RpcException>(async () =>
                await Client.SearchAuditAsync(request, party.Headers)
            )
        ).StatusCode;

    private async Task TakeInAsync(IReadOnlyCollection<AuditEvent> entries, int before = 0)
    {
        foreach (var entry in entries)
        {
            await _broker.PublishAsync("apisvc.audit", entry);
        }

        await Eventually.GetAsync(
            () => _host.QueryAsync<long>("select count(*) from audit_entry"),
            count => count == before + entries.Count
        );
    }

    // Of both services and two teams, the last of none.
    private async Task<List<AuditEvent>> TakeInThirteenAsync()
    {
        List<AuditEvent> entries =
        [
            .. Enumerable
                .Range(1, 12)
                .Select(n =>
                    Entry(n, n % 2 == 0 ? "catalog" : "identity", n % 3 == 0 ? Shop : Acme)
                ),
            Entry(13, "identity", team: null),
        ];
        await TakeInAsync(entries);
        return entries;
    }

    private static AuditEvent Entry(int number, string service, Guid? team) =>
        new()
        {
            Service = service,
            Position = (ulong)number,
            Id = Sample.Bytes(Guid.CreateVersion7(Start.AddSeconds(number))),
            Time = Timestamp.FromDateTimeOffset(Start.AddSeconds(number)),
            ActorKind = "user",
            Actor = $"user_{number}",
            ClientAddress = "192.0.2.1",
            Action =
                number % 4 == 0 ? "plan.update"
                : number % 2 == 0 ? "api.update"
                : "api.create",
            ObjectKind = number % 4 == 0 ? "plan" : "api",
            ObjectId = $"obj_{number}",
            TeamId = team is { } id ? Sample.Bytes(id) : ByteString.Empty,
            Result = number % 5 == 0 ? "denied" : "succeeded",
            Before = """{"name":"old"}""",
            After = """{"name":"new"}""",
            Hash = ByteString.CopyFrom(SHA256.HashData([(byte)number])),
        };

    private static Guid? TeamOf(AuditEvent entry) =>
        entry.TeamId.IsEmpty ? null : new Guid(entry.TeamId.Span, bigEndian: true);

    private static Guid IdOf(AuditEvent entry) => new(entry.Id.Span, bigEndian: true);

    private static string Team(Guid id) => new Id<TeamKind>(id).ToString();
}

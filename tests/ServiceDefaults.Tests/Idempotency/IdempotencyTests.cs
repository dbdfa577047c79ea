using System.Net;
using System.Text;
using System.Text.Json;
using ApiSvc.ServiceDefaults.Tests.Data;
using ApiSvc.Testing;
using Dapper;

namespace ApiSvc.ServiceDefaults.Tests.Idempotency;

public sealed class IdempotencyTests
{
    [Fact]
    public async Task Post_Repeated_GetsTheFirstAnswerAndChangesNothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await ThingService.StartAsync(database);

        using var first = await service.PostAsync("\"k\"", "a");
        using var repeat = await service.PostAsync("k", "a");

        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        repeat.StatusCode.ShouldBe(HttpStatusCode.Created);
        repeat.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        repeat.Headers.Location.ShouldBe(first.Headers.Location);
        repeat.Headers.ETag!.Tag.ShouldBe("\"1\"");
        repeat.Content.Headers.ContentType.ShouldBe(first.Content.Headers.ContentType);
        var body = await first.Content.ReadAsStringAsync();
        body.ShouldContain("secret");
        (await repeat.Content.ReadAsStringAsync()).ShouldBe(body);
        var stored = await database.ScalarAsync<byte[]>(
            "select body from service.idempotent_answer"
        );
        Encoding.UTF8.GetString(stored!).ShouldNotContain("secret");
        (await database.ScalarAsync<long>("select count(*) from service.outbox")).ShouldBe(1);
    }

    [Fact]
    public async Task Post_WithoutKey_IsDoneEachTime()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await ThingService.StartAsync(database);

        (await service.PostAsync(null, "a")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await service.PostAsync(null, "a")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Post_KeyUsedForAnotherRequest_Is422()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await ThingService.StartAsync(database);
        await service.PostAsync("k", "a");
        await service.PostAsync("k", "b", path: "/shelves/1/things");

        await ShouldBeProblemAsync(
            await service.PostAsync("k", "z"),
            422,
            "idempotency-key-reused"
        );
        await ShouldBeProblemAsync(
            await service.PostAsync("k", "b", path: "/shelves/2/things"),
            422,
            "idempotency-key-reused"
        );
    }

    [Fact]
    public async Task Post_SameKeyOfAnotherCallerOrEndpoint_IsAnotherKey()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await ThingService.StartAsync(database);

        (await service.PostAsync("k", "a")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await service.PostAsync("k", "b", "user_2")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await service.PostAsync("k", "c", path: "/shelves/1/things")).StatusCode.ShouldBe(
            HttpStatusCode.Created
        );
        (await database.ScalarAsync<long>("select count(*) from thing")).ShouldBe(3);
    }

    [Fact]
    public async Task Post_FirstIsUnderWay_Is409WithRetryAfter()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await ThingService.StartAsync(database);
        var reached = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        service.AfterCommit = _ =>
        {
            reached.TrySetResult();
            return go.Task;
        };
        var first = service.PostAsync("k", "a");
        await reached.Task;

        var second = await service.PostAsync("k", "a");

        second.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        await ShouldBeProblemAsync(second, 409, "idempotent-request-under-way");
        (await database.ScalarAsync<long>("select count(*) from thing")).ShouldBe(0);
        go.SetResult();
        (await first).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await service.PostAsync("k", "a")).Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
    }

    [Fact]
    public async Task Post_ManyAtOnce_OneIsDone()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await ThingService.StartAsync(database);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => service.PostAsync("k", "a"))
        );

        answers.Select(a => (int)a.StatusCode).ShouldAllBe(s => s == 201 || s == 409);
        answers
            .Count(a =>
                a.StatusCode == HttpStatusCode.Created
                && !a.Headers.Contains("Idempotency-Replayed")
            )
            .ShouldBe(1);
        (await database.ScalarAsync<long>("select count(*) from service.outbox")).ShouldBe(1);
    }

    [Fact]
    public async Task Post_CommitFails_LeavesNeitherStateNorAnswer()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await ThingService.StartAsync(database);
        // The session ends after the handler has committed, as far as it can tell.
        service.AfterCommit = async work =>
        {
            var pid = await (await work.OpenAsync()).ExecuteScalarAsync<int>(
                "select pg_backend_pid()"
            );
            await database.ExecuteAsync($"select pg_terminate_backend({pid})");
        };
        await Should.ThrowAsync<Exception>(() => service.PostAsync("k", "a"));
        (await database.ScalarAsync<long>("select count(*) from thing")).ShouldBe(0);
        (
            await database.ScalarAsync<long>("select count(*) from service.idempotent_answer")
        ).ShouldBe(0);

        service.AfterCommit = null;
        using var again = await service.PostAsync("k", "a");

        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        again.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
    }

    [Fact]
    public async Task Post_Failed_IsNotKept()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await ThingService.StartAsync(database);
        await service.PostAsync(null, "a");

        await ShouldBeProblemAsync(await service.PostAsync("k", "a"), 409, "thing-exists");
        await database.ExecuteAsync("delete from thing");

        (await service.PostAsync("k", "a")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Post_RefusedWithAudit_KeepsTheEntryAndNotTheAnswer()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await ThingService.StartAsync(database);

        (await service.PostAsync("k", "a", path: "/denied")).StatusCode.ShouldBe(
            HttpStatusCode.Forbidden
        );

        (await database.ScalarAsync<long>("select count(*) from service.audit_log")).ShouldBe(1);
        (
            await database.ScalarAsync<long>("select count(*) from service.idempotent_answer")
        ).ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_BodyTooLong_Is413(bool chunked)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await ThingService.StartAsync(database);

        await ShouldBeProblemAsync(
            await service.PostAsync("k", new string('a', 1001), chunked: chunked),
            413,
            "body-too-large"
        );
    }

    [Fact]
    public async Task Post_BodyCannotBeBound_IsNotKept()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await ThingService.StartAsync(database);

        (await service.PostAsync("k", "\"broken")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        (await service.PostAsync("k", "a")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Post_AnswerWithoutBody_IsRepeated()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await ThingService.StartAsync(database);

        (await service.PostAsync("k", "a", path: "/empty")).StatusCode.ShouldBe(
            HttpStatusCode.NoContent
        );
        using var repeat = await service.PostAsync("k", "a", path: "/empty");

        repeat.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        repeat.Headers.Contains("Idempotency-Replayed").ShouldBeTrue();
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("\"")]
    public async Task Post_MalformedKey_Is400(string key)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await ThingService.StartAsync(database);

        await ShouldBeProblemAsync(
            await service.PostAsync(key, "a"),
            400,
            "invalid-idempotency-key"
        );
        await ShouldBeProblemAsync(
            await service.PostAsync(new string('k', 256), "a"),
            400,
            "invalid-idempotency-key"
        );
        (await database.ScalarAsync<long>("select count(*) from thing")).ShouldBe(0);
    }

    [Fact]
    public async Task Post_AnswerExpired_IsDoneAgainAndSweptByTheLeader()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var service = await ThingService.StartAsync(database))
        {
            await service.PostAsync("k", "a");
            await database.ExecuteAsync(
                "update service.idempotent_answer set expires_at = now() - interval '1 second'; delete from thing"
            );

            using var again = await service.PostAsync("k", "a");
            again.StatusCode.ShouldBe(HttpStatusCode.Created);
            again.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        }

        await database.ExecuteAsync(
            "update service.idempotent_answer set expires_at = now() - interval '1 second'"
        );
        await using var sweeper = await ThingService.StartAsync(database);
        await Eventually.HoldsAsync(
            async () =>
                await database.ScalarAsync<long>("select count(*) from service.idempotent_answer")
                == 0,
            "the expired answer is gone"
        );
    }

    private static async Task ShouldBeProblemAsync(
        HttpResponseMessage answer,
        int status,
        string code
    )
    {
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        problem
            .RootElement.GetProperty("type")
            .GetString()
            .ShouldBe($"https://apisvc.dev/problems/{code}");
    }
}

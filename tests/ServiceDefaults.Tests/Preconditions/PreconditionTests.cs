using System.Net;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.ServiceDefaults.Tests.Preconditions;

public sealed class PreconditionTests : IAsyncLifetime
{
    private RestHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await RestHost.StartAsync(app =>
        {
            app.MapGet("/thing", () => TaggedResults.Ok(new Thing("a"), version: 7));
            app.MapPost(
                "/thing",
                () => TaggedResults.Created("/thing", new Thing("a"), version: 1)
            );
            app.MapPut(
                "/thing",
                Results<Ok<Thing>, ApiProblem> (IfMatch ifMatch, Body<Thing> body) =>
                    ifMatch.Check(version: 7) is { } stale ? stale : TypedResults.Ok(body.Value)
            );
        });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("\"7\"", 200)]
    [InlineData("*", 200)]
    [InlineData("\"5\", \"7\"", 200)]
    [InlineData("\"6\"", 412)]
    [InlineData("W/\"7\"", 412)]
    [InlineData("\"5\", W/\"7\"", 412)]
    [InlineData("7", 400)]
    [InlineData("*, \"7\"", 400)]
    [InlineData(null, 428)]
    public async Task Put_IfMatch_DecidesTheChange(string? header, int status)
    {
        var answer = await _host.SendAsync(
            HttpMethod.Put,
            "/thing",
            """{"name":"b"}""",
            header is null ? [] : [("If-Match", header)]
        );

        ((int)answer.Status).ShouldBe(status);
        if (status == 400)
        {
            answer.Violations.ShouldBe(["header:If-Match syntax"]);
        }
    }

    [Fact]
    public async Task Put_NoIfMatchAndWrongBody_ViolationsGoFirst()
    {
        var answer = await _host.SendAsync(HttpMethod.Put, "/thing", "{}");

        answer.Violations.ShouldBe(["#/name required"]);
    }

    [Theory]
    [InlineData("\"7\"", 304)]
    [InlineData("W/\"7\"", 304)]
    [InlineData("\"1\", \"7\"", 304)]
    [InlineData("*", 304)]
    [InlineData("\"8\"", 200)]
    [InlineData("nonsense", 200)]
    public async Task Get_IfNoneMatch_SavesTheBody(string header, int status)
    {
        var answer = await _host.GetAsync("/thing", ("If-None-Match", header));

        ((int)answer.Status).ShouldBe(status);
        answer.Headers["ETag"].ShouldBe("\"7\"");
        answer.Text.ShouldBe(status == 304 ? "" : """{"name":"a"}""");
    }

    [Fact]
    public async Task Post_Created_HasTagAndLocation()
    {
        var answer = await _host.SendAsync(
            HttpMethod.Post,
            "/thing",
            body: null,
            ("If-None-Match", "\"1\"")
        );

        answer.Status.ShouldBe(HttpStatusCode.Created);
        answer.Headers["ETag"].ShouldBe("\"1\"");
        answer.Headers["Location"].ShouldBe("/thing");
    }

    private sealed record Thing(string Name);
}

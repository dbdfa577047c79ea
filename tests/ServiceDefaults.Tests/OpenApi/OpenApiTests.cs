using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.ServiceDefaults.Tests.OpenApi;

public sealed class OpenApiTests : IAsyncLifetime
{
    private RestHost _host = null!;
    private JsonElement _document;

    public async ValueTask InitializeAsync()
    {
        _host = await RestHost.StartAsync(app =>
        {
            app.MapGet(
                "/v1/things",
                (Query<ThingFilter> filter, PageRequest<Guid> page) =>
                    page.ToPage(Array.Empty<Thing>(), t => t.Id.Value, t => t)
            );
            app.MapPost("/v1/things", (Body<NewThing> body) => TaggedResults.Created("/", Known, 1))
                .WithMetadata(
                    new RequestParameter(
                        RequestParameterPlace.Header,
                        "Idempotency-Key",
                        typeof(string)
                    )
                );
            app.MapPut(
                "/v1/things/{thingId}",
                Results<Ok<Thing>, ApiProblem> (
                    Id<ApiKind> thingId,
                    IfMatch ifMatch,
                    Body<NewThing> body
                ) => ApiProblem.NotFound
            );
            app.MapGet("/v1/status", () => "ok").AllowAnonymous();
        });
        _document = (await _host.GetAsync("/openapi/v1.json")).Json;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static Thing Known { get; } = new(default, "a");

    [Fact]
    public void Document_Version_Is31() =>
        _document.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");

    [Fact]
    public void Document_Security_IsABearerTokenUnlessAnonymous()
    {
        At("components/securitySchemes/accessToken/scheme").GetString().ShouldBe("bearer");
        At("security").GetArrayLength().ShouldBe(1);
        At("security")[0].TryGetProperty("accessToken", out _).ShouldBeTrue();
        Operation("/v1/status", "get").GetProperty("security").GetArrayLength().ShouldBe(0);
        Operation("/v1/things", "get").TryGetProperty("security", out _).ShouldBeFalse();
    }

    [Fact]
    public void Post_Body_HasItsSchema()
    {
        var operation = Operation("/v1/things", "post");
        var schema = Resolve(
            operation
                .GetProperty("requestBody")
                .GetProperty("content")
                .GetProperty("application/json")
                .GetProperty("schema")
        );

        operation.GetProperty("requestBody").GetProperty("required").GetBoolean().ShouldBeTrue();
        schema
            .GetProperty("required")
            .EnumerateArray()
            .Select(r => r.GetString())
            .ShouldBe(["name", "size"]);
        schema
            .GetProperty("properties")
            .GetProperty("size")
            .GetProperty("maximum")
            .GetInt32()
            .ShouldBe(9);
        schema
            .GetProperty("properties")
            .GetProperty("until")
            .GetProperty("format")
            .GetString()
            .ShouldBe("date-time");
        var owner = schema.GetProperty("properties").GetProperty("owner");
        owner.GetProperty("type").EnumerateArray().Count().ShouldBe(2);
        owner.GetProperty("pattern").GetString()!.ShouldStartWith("^team_");
    }

    [Fact]
    public void Operations_Parameters_AreListedOnce()
    {
        Parameters("/v1/things", "get")
            .ShouldBe(["cursor query", "limit query", "maxSize query", "state query"]);
        Parameters("/v1/things", "post").ShouldBe(["Idempotency-Key header"]);
        Parameters("/v1/things/{thingId}", "put").ShouldBe(["If-Match header", "thingId path"]);
    }

    [Fact]
    public void Get_Limit_HasItsRange()
    {
        var schema = Operation("/v1/things", "get")
            .GetProperty("parameters")
            .EnumerateArray()
            .Single(p => p.GetProperty("name").GetString() == "limit")
            .GetProperty("schema");

        schema.GetProperty("minimum").GetInt32().ShouldBe(1);
        schema.GetProperty("maximum").GetInt32().ShouldBe(200);
        schema.GetProperty("default").GetInt32().ShouldBe(50);
    }

    [Fact]
    public void Operations_Failures_AreProblems()
    {
        var put = Operation("/v1/things/{thingId}", "put").GetProperty("responses");

        foreach (var status in (string[])["400", "412", "413", "415", "428", "default"])
        {
            var content = Resolve(put.GetProperty(status)).GetProperty("content");
            var schema = Resolve(
                content.GetProperty("application/problem+json").GetProperty("schema")
            );
            schema.GetProperty("properties").TryGetProperty("errors", out _).ShouldBeTrue(status);
        }

        Operation("/v1/things", "post")
            .GetProperty("responses")
            .TryGetProperty("201", out _)
            .ShouldBeTrue();
    }

    [Fact]
    public void Path_Id_HasItsPattern()
    {
        var schema = Operation("/v1/things/{thingId}", "put")
            .GetProperty("parameters")
            .EnumerateArray()
            .Single(p => p.GetProperty("name").GetString() == "thingId")
            .GetProperty("schema");

        var pattern = Resolve(schema).GetProperty("pattern").GetString()!;
        new Id<ApiKind>(Guid.NewGuid()).ToString().ShouldMatch(pattern);
    }

    private JsonElement Operation(string path, string method) =>
        _document.GetProperty("paths").GetProperty(path).GetProperty(method);

    private string[] Parameters(string path, string method) =>
        [
            .. Operation(path, method)
                .GetProperty("parameters")
                .EnumerateArray()
                .Select(p => $"{p.GetProperty("name")} {p.GetProperty("in")}")
                .Order(StringComparer.Ordinal),
        ];

    private JsonElement At(string pointer) =>
        pointer.Split('/').Aggregate(_document, (at, name) => at.GetProperty(name));

    private JsonElement Resolve(JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference)
            ? At(reference.GetString()!["#/".Length..])
            : schema;

    private enum State
    {
        Draft,
        Live,
    }

    private sealed record ThingFilter
    {
        public State? State { get; init; }

        [Range(1, 9)]
        public int? MaxSize { get; init; }
    }

    private sealed record NewThing(
        string Name,
        [Range(1, 9)] int Size,
        Id<TeamKind>? Owner,
        DateTimeOffset? Until = null
    );

    private sealed record Thing(Id<ApiKind> Id, string Name);
}

using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Tests.Requests;

public sealed class BodyTests : IAsyncLifetime
{
    private RestHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await RestHost.StartAsync(app =>
        {
            app.MapPost("/v1/apis", (Body<CreateApi> body) => body.Value);
            app.MapPut("/v1/apis/{apiId}", (Id<ApiKind> apiId, Body<CreateApi> body) => body.Value);
            app.MapPost("/v1/policies", (Body<PolicySet> body) => body.Value);
            app.MapPost("/v1/windows", (Body<Window> body) => body.Value);
            app.MapPatch("/v1/apis/{apiId}", ([AsParameters] Change change) => change.Body.Value);
            app.MapPost("/v1/picky", (Body<List<Picky>> body) => body.Value.Count);
            app.MapPost("/v1/times", (Body<List<DateTimeOffset>> body) => body.Value);
            app.MapPost("/v1/free", (Body<Dictionary<string, JsonElement>> body) => body.Value);
        });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Post_ValidBody_IsRead()
    {
        var answer = await _host.PostAsync(
            "/v1/apis",
            """
            { "name": "petstore", "kind": "rest", "tags": ["a"], "limits": { "day": { "rate": 5 } },
              "contact": { "email": "a@b.example" } }
            """
        );

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Json.GetProperty("name").GetString().ShouldBe("petstore");
        answer.Json.GetProperty("kind").GetString().ShouldBe("rest");
        answer.Json.GetProperty("weight").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Post_EverythingWrong_IsReportedAtOnce()
    {
        var answer = await _host.PostAsync(
            "/v1/apis",
            """
            { "nmae": "x", "kind": "soap", "weight": "heavy", "weight": 2,
              "tags": ["ok", null, 7], "description": null, "contact": { "email": "nope" },
              "limits": { "a/b": { "rate": 0 }, "c": { "rate": 1.5 }, "d": {}, "e": null },
              "enabled": null, "owner": "api_1" }
            """
        );

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.MediaType.ShouldBe("application/problem+json");
        answer
            .Violations.Order(StringComparer.Ordinal)
            .ShouldBe([
                "#/contact/email format",
                "#/enabled null",
                "#/kind wrong_type",
                "#/limits/a~1b/rate range",
                "#/limits/c/rate wrong_type",
                "#/limits/d/rate required",
                "#/limits/e null",
                "#/name required",
                "#/nmae unknown_property",
                "#/owner invalid_id",
                "#/tags/1 null",
                "#/tags/2 wrong_type",
                "#/weight duplicate",
                "#/weight wrong_type",
            ]);
        answer.DetailOf("#/nmae").ShouldContain("'name'");
        answer.DetailOf("#/kind").ShouldContain("rest, graphQl");
        answer.DetailOf("#/owner").ShouldContain("team_");
    }

    [Fact]
    public async Task Put_PathAndBodyWrong_AreReportedTogether()
    {
        var answer = await _host.SendAsync(HttpMethod.Put, "/v1/apis/x?dry=1", "{}");

        answer.Violations.ShouldBe([
            "path:apiId invalid_id",
            "#/name required",
            "#/kind required",
            "query:dry unknown_parameter",
        ]);
    }

    [Fact]
    public async Task Patch_ParametersAsOneObject_AreReportedTogether()
    {
        var answer = await _host.SendAsync(
            HttpMethod.Patch,
            "/v1/apis/x",
            """{ "name": "ab", "kind": "rest", "tags": null }""",
            ("If-Match", "x")
        );

        answer.Violations.ShouldBe([
            "path:apiId invalid_id",
            "header:If-Match syntax",
            "#/tags null",
        ]);
    }

    [Theory]
    [InlineData("", "# required")]
    [InlineData("null", "# required")]
    [InlineData("[]", "# wrong_type")]
    [InlineData("{\"name\":", "# syntax")]
    [InlineData("{\"name\": \"a\"} x", "# syntax")]
    [InlineData("{\"name\": \"\\ud800\"}", "# encoding")]
    public async Task Post_NoReadableJson_IsOneViolation(string json, string expected) =>
        (await _host.PostAsync("/v1/apis", json)).Violations.ShouldBe([expected]);

    [Fact]
    public async Task Post_SyntaxError_NamesLineAndByte()
    {
        var answer = await _host.PostAsync("/v1/apis", "{\n  \"name\": nope\n}");

        answer.DetailOf("#").ShouldContain("line 2, byte 12");
    }

    [Fact]
    public async Task Post_InvalidUtf8_IsAViolation()
    {
        using var content = new ByteArrayContent([(byte)'"', 0xC3, (byte)'"']);
        content.Headers.ContentType = new("application/json");

        var answer = await RestHost.ReadAsync(await _host.Client.PostAsync("/v1/apis", content));

        answer.Violations.ShouldBe(["# encoding"]);
    }

    [Theory]
    [InlineData(64, null)]
    [InlineData(65, "# depth")]
    [InlineData(20_000, "# depth")]
    public async Task Post_DeepNesting_EndsAtTheLimit(int depth, string? expected)
    {
        // The outer object is the first level.
        var json = $$"""{"a":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}""";

        var answer = await _host.PostAsync("/v1/free", json);

        if (expected is null)
        {
            answer.Status.ShouldBe(HttpStatusCode.OK);
        }
        else
        {
            answer.Violations.ShouldBe([expected]);
        }
    }

    [Fact]
    public async Task Post_MoreViolationsThanAnyoneReads_AreCounted()
    {
        var properties = Enumerable.Range(0, 5_000).Select(i => $"\"x{i}\": 1");

        var answer = await _host.PostAsync("/v1/apis", $"{{{string.Join(',', properties)}}}");

        answer.Violations.Length.ShouldBe(100);
        answer.Json.GetProperty("detail").GetString()!.ShouldContain("100 violations or more");
    }

    [Fact]
    public async Task Post_ManyWrongValues_AreNotAllLookedAt()
    {
        var values = string.Join(',', Enumerable.Repeat("1", 10_000));

        var answer = await _host.PostAsync("/v1/picky", $"[{values}]");

        answer.Violations.Length.ShouldBe(100);
        Volatile.Read(ref PickyConverter.Asked).ShouldBe(100);
    }

    [Theory]
    [InlineData("2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z")]
    [InlineData("2026-01-31T08:00:00.5+02:00", "2026-01-31T06:00:00.5Z")]
    [InlineData("2026-01-31T08:00:00", null)]
    [InlineData("2026-01-31", null)]
    [InlineData("8 o'clock", null)]
    public async Task Post_Time_NeedsAnOffsetAndBecomesUtc(string given, string? expected)
    {
        var answer = await _host.PostAsync("/v1/times", $"[\"{given}\"]");

        if (expected is null)
        {
            answer.Violations.ShouldBe(["#/0 wrong_type"]);
        }
        else
        {
            answer.Json[0].GetString().ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task Post_OtherContentType_Is415(string? type)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        var answer = await RestHost.ReadAsync(await _host.Client.PostAsync("/v1/apis", content));

        answer.Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        answer.Code.ShouldBe("unsupported-media-type");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_PastTheLimit_Is413(bool lengthKnown)
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"name":"{{new string('x', 1024 * 1024)}}"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/apis")
        {
            Content = lengthKnown
                ? new ByteArrayContent(bytes)
                : new StreamContent(new Unseekable(bytes)),
        };
        request.Content.Headers.ContentType = new("application/json");

        var answer = await RestHost.ReadAsync(await _host.Client.SendAsync(request));

        answer.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        answer.Code.ShouldBe("too-large");
    }

    [Fact]
    public async Task Post_Variants_AreReadByTheirDiscriminator()
    {
        var right = await _host.PostAsync(
            "/v1/policies",
            """{ "policies": [{ "perMinute": 5, "type": "rate" }, { "type": "cors", "origins": [] }] }"""
        );
        var wrong = await _host.PostAsync(
            "/v1/policies",
            """{ "policies": [{ "type": "rat" }, {}, { "type": "rate", "perMinute": 0, "origins": [] }] }"""
        );

        right.Status.ShouldBe(HttpStatusCode.OK);
        wrong.Violations.ShouldBe([
            "#/policies/0/type not_allowed",
            "#/policies/1/type required",
            "#/policies/2/perMinute range",
            "#/policies/2/origins unknown_property",
        ]);
    }

    [Fact]
    public async Task Post_ObjectThatJudgesItself_IsAskedWhenWhole()
    {
        var whole = await _host.PostAsync("/v1/windows", """{ "from": 5, "until": 3 }""");
        var broken = await _host.PostAsync("/v1/windows", """{ "from": "x", "until": 3 }""");

        whole.Violations.ShouldBe(["#/until invalid"]);
        broken.Violations.ShouldBe(["#/from wrong_type"]);
    }

    private enum Kind
    {
        Rest,
        GraphQl,
    }

    private sealed record CreateApi(
        [property: StringLength(20, MinimumLength = 2)] string Name,
        Kind Kind,
        string? Description
    )
    {
        public int Weight { get; init; } = 1;

        public bool Enabled { get; init; } = true;

        public IReadOnlyList<string> Tags { get; init; } = [];

        public Contact? Contact { get; init; }

        public Id<TeamKind>? Owner { get; init; }

        public IReadOnlyDictionary<string, Limit> Limits { get; init; } =
            new Dictionary<string, Limit>();
    }

    private sealed record Change(Id<ApiKind> ApiId, IfMatch IfMatch, Body<CreateApi> Body);

    private sealed record Contact([EmailAddress] string Email);

    private sealed record Limit([Range(1, 100)] int Rate);

    private sealed record PolicySet(IReadOnlyList<Policy> Policies);

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
    [JsonDerivedType(typeof(Rate), "rate")]
    [JsonDerivedType(typeof(Cors), "cors")]
    private abstract record Policy;

    private sealed record Rate([Range(1, 100)] int PerMinute) : Policy;

    private sealed record Cors(IReadOnlyList<string> Origins) : Policy;

    private sealed record Window(int From, int Until) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Until < From)
            {
                yield return new("Must not be before from.", [nameof(Until)]);
            }
        }
    }

    [JsonConverter(typeof(PickyConverter))]
    private sealed record Picky;

    private sealed class PickyConverter : JsonConverter<Picky>
    {
        public static int Asked;

        public override Picky Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        )
        {
            Interlocked.Increment(ref Asked);
            throw new JsonViolationException("picky", "Never right.");
        }

        public override void Write(
            Utf8JsonWriter writer,
            Picky value,
            JsonSerializerOptions options
        ) => throw new NotSupportedException();
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

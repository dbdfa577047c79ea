using ApiSvc.Catalog.Import;

namespace ApiSvc.Catalog.Tests.Import;

/// <summary>What is not understood is said, with its place: nothing is dropped silently.</summary>
public sealed class FindingTests
{
    private const string Ok = "responses: { '200': { description: ok } }";

    [Theory]
    [InlineData(
        "broken_reference",
        "Error /paths/~1a/get/parameters/0/$ref:9",
        "get:\n      parameters:\n        - $ref: '#/components/parameters/none'\n      " + Ok
    )]
    [InlineData(
        "external_reference",
        "Error /paths/~1a/get/parameters/0/$ref:9",
        "get:\n      parameters:\n        - $ref: 'other.yaml#/x'\n      " + Ok
    )]
    [InlineData(
        "circular_reference",
        "Error /paths/~1a/get/responses/200/$ref:9",
        "get:\n      responses:\n        '200': { $ref: '#/paths/~1a/get/responses/200' }"
    )]
    [InlineData(
        "unknown_field",
        "Warning /paths/~1a/get/sumary:8",
        "get:\n      sumary: x\n      " + Ok
    )]
    [InlineData("unknown_field", "Warning /paths/~1a/query:7", "query: {}")]
    [InlineData(
        "duplicate_name",
        "Error /paths/~1a/get/summary:9",
        "get:\n      summary: x\n      summary: y\n      " + Ok
    )]
    [InlineData("wrong_type", "Error /paths/~1a/get/tags:8", "get:\n      tags: x\n      " + Ok)]
    [InlineData("wrong_type", "Error /paths/~1a/get:7", "get: []")]
    [InlineData(
        "wrong_type",
        "Warning /paths/~1a/get/deprecated:8",
        "get:\n      deprecated: 'yes'\n      " + Ok
    )]
    [InlineData("required", "Warning /paths/~1a/get:7", "get: {}")]
    [InlineData(
        "required",
        "Error /paths/~1a/get/parameters/0:9",
        "get:\n      parameters:\n        - { in: query, schema: {} }\n      " + Ok
    )]
    [InlineData(
        "unknown_place",
        "Error /paths/~1a/get/parameters/0:9",
        "get:\n      parameters:\n        - { in: body, name: x, schema: {} }\n      " + Ok
    )]
    [InlineData(
        "unused_path_parameter",
        "Warning /paths/~1a/get:7",
        "get:\n      parameters:\n        - { in: path, required: true, name: x, schema: {} }\n      "
            + Ok
    )]
    [InlineData(
        "unknown_status",
        "Warning /paths/~1a/get/responses/20X:9",
        "get:\n      responses:\n        20X: { description: ok }"
    )]
    [InlineData(
        "unknown_security_scheme",
        "Warning /paths/~1a/get/security/0/none:8",
        "get:\n      security: [ { none: [] } ]\n      " + Ok
    )]
    [InlineData(
        "own_servers",
        "Warning /paths/~1a/get:7",
        "get:\n      servers: [ { url: https://other.example } ]\n      " + Ok
    )]
    [InlineData(
        "callbacks",
        "Info /paths/~1a/get/callbacks:8",
        "get:\n      callbacks: {}\n      " + Ok
    )]
    [InlineData(
        "extension",
        "Info /paths/~1a/get/x-speed:8",
        "get:\n      x-speed: { $ref: '#/none' }\n      " + Ok
    )]
    [InlineData(
        "ignored_parameter",
        "Info /paths/~1a/get/parameters/0:9",
        "get:\n      parameters:\n        - { in: header, name: Accept, schema: {} }\n      " + Ok
    )]
    public void Read_Mistake_IsFoundAtItsPlace(string code, string expected, string item)
    {
        var document = Documents.Import(Documents.Yaml30($"  /a:\n    {item}"));

        document.Said(code).ShouldBe([expected]);
        document.Findings.Count.ShouldBe(1, string.Join('\n', document.Findings));
    }

    [Theory]
    [InlineData("a", "it does not begin with '/'")]
    [InlineData("/a/{b", "a brace has no counterpart")]
    [InlineData("/a/{}", "a parameter has no name")]
    [InlineData("/#Action=Do", "are not part of a path")]
    [InlineData("/a?x=1", "are not part of a path")]
    [InlineData("/a//b", "an empty segment")]
    [InlineData("//", "an empty segment")]
    [InlineData("/a/./b", "a segment is '.'")]
    [InlineData("/a/..", "a segment is '..'")]
    [InlineData("/a/%2e%2E", "a segment is '..'")]
    [InlineData("/a/.;x", "begins with a semicolon or is a dot before one")]
    [InlineData("/a/;id={id}", "begins with a semicolon or is a dot before one")]
    [InlineData("/a\\b", "'\\' stands in it")]
    [InlineData("/a%2Fb", "'%2F' stands in it")]
    [InlineData("/a%5cb", "'%5C' stands in it")]
    [InlineData("/a%00", "'%00' stands in it")]
    public void Read_PathThatNoRequestHas_IsKeptUnserved(string path, string reason)
    {
        var document = Documents.Import(Documents.Yaml30($"  '{path}':\n    get:\n      {Ok}"));

        document.Operations.ShouldHaveSingleItem().IsRoutable.ShouldBeFalse();
        document.Findings.ShouldContain(finding =>
            finding.Code == "unroutable_path"
            && finding.Line == 6
            && finding.Message.Contains(reason, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Read_PathsThatDifferInNamesOnly_ServesTheFirst()
    {
        var document = Documents.Import(
            Documents.Yaml30(
                $"  /a/{{x}}:\n    get:\n      {Ok}\n  /a/{{y}}:\n    get:\n      {Ok}\n    put:\n      {Ok}"
            )
        );

        document.Operations.Select(operation => operation.IsRoutable).ShouldBe([true, false, true]);
        document.Said("same_path").ShouldBe(["Warning /paths/~1a~1{y}/get:10"]);
    }

    [Theory]
    [InlineData("/a%7Eb", "/a~b")]
    [InlineData("/a%c3%a9", "/a\u00e9")]
    [InlineData("/a b", "/a%20b")]
    public void Read_PathsWrittenInTwoWays_ServesTheFirst(string first, string second)
    {
        var document = Documents.Import(
            Documents.Yaml30(
                $"  '{first}':\n    get:\n      {Ok}\n  '{second}':\n    get:\n      {Ok}"
            )
        );

        document.Operations.Select(operation => operation.IsRoutable).ShouldBe([true, false]);
        document.Said("same_path").ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("/a/{id}")]
    [InlineData("/a{id}")]
    public void Read_PathParameterOfStyleMatrix_IsKeptUnserved(string path)
    {
        var document = Documents.Import(
            Documents.Yaml30(
                $"  '{path}':\n    get:\n      parameters: [{{ in: path, name: id, required: true, style: matrix, schema: {{}} }}]\n      {Ok}"
            )
        );

        document.Operations.ShouldHaveSingleItem().IsRoutable.ShouldBeFalse();
        document
            .Said("unroutable_path")
            .ShouldBe([
                $"Warning /paths/{path.Replace("/", "~1", StringComparison.Ordinal)}/get:7",
            ]);
    }

    [Fact]
    public void Read_PathItemByReference_IsFollowed()
    {
        var document = Documents.Import(
            Documents.Yaml30(
                $"  /a:\n    $ref: '#/paths/~1b'\n    post: {{}}\n  /b:\n    get:\n      operationId: x\n      {Ok}"
            )
        );

        document
            .Operations.Select(operation => $"{operation.Method} {operation.PathTemplate}")
            .ShouldBe(["GET /a", "GET /b"]);
        document.Said("reference_with_siblings").ShouldBe(["Warning /paths/~1a:6"]);
        document.Said("duplicate_operation_id").ShouldNotBeEmpty();
    }

    [Fact]
    public void Read_ReferencesInData_AreNoReferences()
    {
        var document = Documents.Import(
            Documents.Yaml30(
                """
                  /a:
                    get:
                      responses:
                        default:
                          description: ok
                          content:
                            application/json:
                              schema:
                                type: object
                                properties:
                                  $ref: { type: string }
                                  example: { $ref: '#/components/schemas/Missing' }
                                  default: { type: string, default: { $ref: '#/none' } }
                              examples:
                                one: { value: { $ref: '#/none' } }
                                two: { $ref: '#/components/examples/none' }
                """
            )
        );

        document
            .Said("broken_reference")
            .Order()
            .ShouldBe([
                "Error /paths/~1a/get/responses/default/content/application~1json/examples/two/$ref:21",
                "Error /paths/~1a/get/responses/default/content/application~1json/schema/properties/example/$ref:17",
            ]);
    }

    [Fact]
    public void Read_AnchorsAndIds_AreFollowedIn31()
    {
        var document = Documents.Import(
            """
            {"openapi":"3.1.1","info":{"title":"t","version":"1"},"components":{"schemas":{
              "A":{"$anchor":"here","$id":"https://example/a","$defs":{"B":{}},"items":{"$ref":"#/$defs/B"}},
              "C":{"items":{"$ref":"#here"}},
              "D":{"items":{"$ref":"#there"}},
              "E":{"items":{"$ref":"#/$defs/B"}}}}}
            """
        );

        document
            .Said("broken_reference")
            .ShouldBe([
                "Error /components/schemas/D/items/$ref:4",
                "Error /components/schemas/E/items/$ref:5",
            ]);
        document.Operations.ShouldBeEmpty();
    }

    [Fact]
    public void Read_WebhooksAndMissingParts_AreSaid()
    {
        var document = Documents.Import(
            "{\"openapi\":\"3.1.0\",\n\"webhooks\":{\"x\":{\"post\":{}}}}"
        );

        document.Said("webhooks").ShouldBe(["Info /webhooks:2"]);
        document.Said("required").ShouldBe(["Error :1"]);
        document.HasErrors.ShouldBeTrue();
    }

    [Fact]
    public void Read_ManyFindings_AreCountedPastTheLimit()
    {
        var fields = string.Join('\n', Enumerable.Range(0, 30).Select(i => $"  extra{i}: 1"));
        var text = $"openapi: 3.0.3\ninfo:\n  title: t\n  version: '1'\n{fields}\npaths: {{}}";

        var document = SpecificationImport
            .Read(Documents.Utf8(text), ImportLimits.Default with { MaxFindings = 10 })
            .Document!;

        document.Findings.Count(finding => finding.Code == "unknown_field").ShouldBe(10);
        document.Findings[^1].Message.ShouldBe("20 more findings of this severity are not listed.");
    }

    [Fact]
    public void Read_Findings_ErrorsComeFirst() =>
        Documents
            .Import(
                Documents.Yaml30(
                    $"  /a:\n    get:\n      bad: 1\n      parameters: [ {{ $ref: '#/none' }} ]\n      {Ok}"
                )
            )
            .Findings.Select(finding => finding.Severity)
            .ShouldBe([FindingSeverity.Error, FindingSeverity.Warning]);
}

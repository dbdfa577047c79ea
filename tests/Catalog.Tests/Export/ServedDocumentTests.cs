using System.Text;
using System.Text.Json;
using ApiSvc.Catalog.Export;
using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Tests.Import;

namespace ApiSvc.Catalog.Tests.Export;

public sealed class ServedDocumentTests
{
    private static readonly GatewayOffer Offer = new()
    {
        Servers =
        [
            new("https://api.example/shop/orders", "production"),
            new("https://sandbox.api.example/shop/orders", ""),
        ],
        Security =
        [
            new OfferedSecurity.ApiKey("x-api-key", InQuery: false),
            new OfferedSecurity.ClientCredentials("https://id.example/connect/token"),
        ],
        OperationSecurity = new Dictionary<(string, string), IReadOnlyList<OfferedSecurity>>
        {
            [("GET", "/open")] = [new OfferedSecurity.Anonymous()],
        },
    };

    [Fact]
    public void Write_Document_OffersTheGatewaysServersAndSecurity()
    {
        var served = Write(
            """
            openapi: 3.1.0
            info: { title: Orders, version: 1.10 }
            servers: [ { url: https://internal.example } ]
            security: [ { secret: [] } ]
            x-kept: { $ref: here }
            paths:
              /open:
                servers: [ { url: https://internal.example } ]
                get: { security: [], x-number: 1.10, responses: {} }
                post:
                  security: [ { secret: [] } ]
                  servers: []
                  callbacks: { done: { '{$request.body#/url}': { post: { security: [ { theirs: [] } ] } } } }
            components:
              schemas: { A: { type: [string, 'null'] } }
              securitySchemes: { secret: { type: http, scheme: basic } }
            """
        );

        served.GetRawText().ShouldNotContain("internal.example");
        served.GetRawText().ShouldNotContain("secret");
        served
            .GetProperty("servers")
            .EnumerateArray()
            .Select(server => server.GetProperty("url").GetString())
            .ShouldBe(Offer.Servers.Select(server => server.Url));
        served
            .GetProperty("security")
            .GetRawText()
            .Replace(" ", "", StringComparison.Ordinal)
            .Replace("\n", "", StringComparison.Ordinal)
            .ShouldBe("""[{"apiKey_x-api-key":[]},{"clientCredentials":[]}]""");
        served
            .GetProperty("paths")
            .GetProperty("/open")
            .GetProperty("get")
            .GetProperty("security")
            .GetRawText()
            .Replace(" ", "", StringComparison.Ordinal)
            .Replace("\n", "", StringComparison.Ordinal)
            .ShouldBe("[{}]");
        served
            .GetProperty("paths")
            .GetProperty("/open")
            .GetProperty("get")
            .GetProperty("x-number")
            .GetRawText()
            .ShouldBe("1.10");
        served
            .GetProperty("paths")
            .GetProperty("/open")
            .GetProperty("post")
            .TryGetProperty("security", out _)
            .ShouldBeFalse();
        served.GetRawText().ShouldContain("theirs");
        served.GetProperty("x-kept").GetProperty("$ref").GetString().ShouldBe("here");
        var schemes = served.GetProperty("components").GetProperty("securitySchemes");
        schemes.GetProperty("apiKey_x-api-key").GetProperty("in").GetString().ShouldBe("header");
        schemes
            .GetProperty("clientCredentials")
            .GetProperty("flows")
            .GetProperty("clientCredentials")
            .GetProperty("tokenUrl")
            .GetString()
            .ShouldBe("https://id.example/connect/token");
        served
            .GetProperty("components")
            .GetProperty("schemas")
            .GetProperty("A")
            .GetProperty("type")
            .GetArrayLength()
            .ShouldBe(2);
    }

    [Fact]
    public void Write_Swagger_BecomesThree()
    {
        var served = Write(
            """
            swagger: '2.0'
            info: { title: Files, version: '2' }
            host: files.example
            produces: [application/json]
            x-kept: 1
            parameters:
              page: { name: page, in: query, type: integer, minimum: 1 }
              file: { name: b, in: body, required: true, schema: { $ref: '#/definitions/File' } }
            responses:
              gone: { description: Gone, schema: { type: string } }
            definitions:
              File:
                type: object
                discriminator: kind
                properties: { discriminator: { type: string, x-nullable: true }, next: { $ref: '#/definitions/File' } }
                example: { $ref: '#/definitions/File' }
            paths:
              /files/{id}:
                parameters: [ { name: id, in: path, required: true, type: string, format: uuid } ]
                get:
                  parameters: [ { $ref: '#/parameters/page' }, { name: tags, in: query, type: array, items: { type: string } } ]
                  responses:
                    '200': { description: It, schema: { $ref: '#/definitions/File' }, headers: { x-rate: { type: integer, description: Rate } }, examples: { application/json: { a: 1 } } }
                    '410': { $ref: '#/responses/gone' }
                put:
                  consumes: [application/xml]
                  parameters: [ { $ref: '#/parameters/file' } ]
                  responses: { default: { description: ok } }
                post:
                  parameters: [ { name: f, in: formData, type: file, required: true }, { name: n, in: formData, type: array, items: { type: string }, collectionFormat: multi } ]
                  responses: { default: { description: ok } }
            """
        );

        served.GetProperty("openapi").GetString().ShouldBe("3.0.4");
        served.GetProperty("x-kept").GetInt32().ShouldBe(1);
        var item = served.GetProperty("paths").GetProperty("/files/{id}");
        item.GetProperty("parameters")[0]
            .GetProperty("schema")
            .GetProperty("format")
            .GetString()
            .ShouldBe("uuid");
        var get = item.GetProperty("get");
        get.GetProperty("parameters")[0]
            .GetProperty("$ref")
            .GetString()
            .ShouldBe("#/components/parameters/page");
        get.GetProperty("parameters")[1].GetProperty("explode").GetBoolean().ShouldBeFalse();
        var media = get.GetProperty("responses")
            .GetProperty("200")
            .GetProperty("content")
            .GetProperty("application/json");
        media
            .GetProperty("schema")
            .GetProperty("$ref")
            .GetString()
            .ShouldBe("#/components/schemas/File");
        media.GetProperty("example").GetProperty("a").GetInt32().ShouldBe(1);
        get.GetProperty("responses")
            .GetProperty("200")
            .GetProperty("headers")
            .GetProperty("x-rate")
            .GetProperty("schema")
            .GetProperty("type")
            .GetString()
            .ShouldBe("integer");
        get.GetProperty("responses")
            .GetProperty("410")
            .GetProperty("$ref")
            .GetString()
            .ShouldBe("#/components/responses/gone");
        var body = item.GetProperty("put").GetProperty("requestBody");
        body.GetProperty("required").GetBoolean().ShouldBeTrue();
        body.GetProperty("content")
            .GetProperty("application/xml")
            .GetProperty("schema")
            .GetProperty("$ref")
            .GetString()
            .ShouldBe("#/components/schemas/File");
        var form = item.GetProperty("post")
            .GetProperty("requestBody")
            .GetProperty("content")
            .GetProperty("multipart/form-data");
        form.GetProperty("schema")
            .GetProperty("properties")
            .GetProperty("f")
            .GetProperty("format")
            .GetString()
            .ShouldBe("binary");
        form.GetProperty("encoding")
            .GetProperty("n")
            .GetProperty("explode")
            .GetBoolean()
            .ShouldBeTrue();
        var components = served.GetProperty("components");
        components
            .GetProperty("parameters")
            .EnumerateObject()
            .Select(parameter => parameter.Name)
            .ShouldBe(["page"]);
        components
            .GetProperty("parameters")
            .GetProperty("page")
            .GetProperty("schema")
            .GetProperty("minimum")
            .GetInt32()
            .ShouldBe(1);
        components
            .GetProperty("responses")
            .GetProperty("gone")
            .GetProperty("content")
            .GetProperty("application/json")
            .GetProperty("schema")
            .GetProperty("type")
            .GetString()
            .ShouldBe("string");
        var file = components.GetProperty("schemas").GetProperty("File");
        file.GetProperty("discriminator").GetProperty("propertyName").GetString().ShouldBe("kind");
        file.GetProperty("properties")
            .GetProperty("discriminator")
            .GetProperty("nullable")
            .GetBoolean()
            .ShouldBeTrue();
        file.GetProperty("example").GetProperty("$ref").GetString().ShouldBe("#/definitions/File");
        SpecificationImport
            .Read(Encoding.UTF8.GetBytes(served.GetRawText()), ImportLimits.Default)
            .Document!.Findings.Where(finding => finding.Severity != FindingSeverity.Info)
            .ShouldBeEmpty();
    }

    [Fact]
    public void Write_Yaml_IsReadableAndMeansTheSame()
    {
        var document = Documents.Utf8(
            """{"openapi":"3.0.3","info":{"title":"Yes","version":"1.0","description":"One\nTwo: 'x'\n"},"paths":{}}"""
        );

        var yaml = Encoding.UTF8.GetString(
            ServedDocument.Write(document, Offer with { Servers = [] }, DocumentSyntax.Yaml)
        );

        yaml.ShouldStartWith(
            "openapi: \"3.0.3\"\ninfo:\n  title: \"Yes\"\n  version: \"1.0\"\n  description: |\n    One\n    Two: 'x'\nservers: []\n"
        );
    }

    [Fact]
    public void Write_SomethingElse_Throws() =>
        Should.Throw<InvalidOperationException>(() =>
            ServedDocument.Write(Documents.Utf8("{}"), Offer, DocumentSyntax.Json)
        );

    private static JsonElement Write(string document) =>
        JsonElement.Parse(
            ServedDocument.Write(Documents.Utf8(document), Offer, DocumentSyntax.Json)
        );
}

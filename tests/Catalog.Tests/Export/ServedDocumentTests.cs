using System.Text;
using System.Text.Json;
using ApiSvc.Catalog.Export;
using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Tests.Import;

namespace ApiSvc.Catalog.Tests.Export;

public sealed class ServedDocumentTests
{
    private const string Orders = """
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
        """;

    private const string Files = """
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
        """;

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

    private static readonly JsonElement ServedOrders = Write(Orders);
    private static readonly JsonElement ServedFiles = Write(Files);

    [Theory]
    [InlineData(
        "/servers",
        """[{"url":"https://api.example/shop/orders","description":"production"},{"url":"https://sandbox.api.example/shop/orders"}]"""
    )]
    [InlineData("/security", """[{"apiKey_x-api-key":[]},{"clientCredentials":[]}]""")]
    [InlineData("/paths/~1open/get", """{"x-number":1.10,"responses":{},"security":[{}]}""")]
    [InlineData(
        "/paths/~1open/post",
        """{"callbacks":{"done":{"{$request.body#/url}":{"post":{"security":[{"theirs":[]}]}}}}}"""
    )]
    [InlineData(
        "/components",
        """{"schemas":{"A":{"type":["string","null"]}},"securitySchemes":{"apiKey_x-api-key":{"type":"apiKey","in":"header","name":"x-api-key"},"clientCredentials":{"type":"oauth2","flows":{"clientCredentials":{"tokenUrl":"https://id.example/connect/token","scopes":{}}}}}}"""
    )]
    [InlineData("/x-kept", """{"$ref":"here"}""")]
    [InlineData("/info", """{"title":"Orders","version":1.10}""")]
    public void Write_Document_OffersTheGatewaysServersAndSecurity(string place, string expected) =>
        At(ServedOrders, place).ShouldBe(expected);

    [Fact]
    public void Write_Document_SaysNothingOfWhatIsBehindTheGateway()
    {
        ServedOrders.GetRawText().ShouldNotContain("internal.example");
        ServedOrders.GetRawText().ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("/openapi", "\"3.0.4\"")]
    [InlineData("/x-kept", "1")]
    [InlineData(
        "/paths/~1files~1{id}/parameters",
        """[{"name":"id","in":"path","required":true,"schema":{"type":"string","format":"uuid"}}]"""
    )]
    [InlineData(
        "/paths/~1files~1{id}/get/parameters",
        """[{"$ref":"#/components/parameters/page"},{"name":"tags","in":"query","style":"form","explode":false,"schema":{"type":"array","items":{"type":"string"}}}]"""
    )]
    [InlineData(
        "/paths/~1files~1{id}/get/responses/200",
        """{"description":"It","headers":{"x-rate":{"description":"Rate","schema":{"type":"integer"}}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/File"},"example":{"a":1}}}}"""
    )]
    [InlineData(
        "/paths/~1files~1{id}/get/responses/410",
        """{"$ref":"#/components/responses/gone"}"""
    )]
    [InlineData(
        "/paths/~1files~1{id}/put/requestBody",
        """{"required":true,"content":{"application/xml":{"schema":{"$ref":"#/components/schemas/File"}}}}"""
    )]
    [InlineData(
        "/paths/~1files~1{id}/post/requestBody",
        """{"required":true,"content":{"multipart/form-data":{"schema":{"type":"object","properties":{"f":{"type":"string","format":"binary"},"n":{"type":"array","items":{"type":"string"}}},"required":["f"]},"encoding":{"n":{"style":"form","explode":true}}}}}"""
    )]
    [InlineData(
        "/components/parameters",
        """{"page":{"name":"page","in":"query","schema":{"type":"integer","minimum":1}}}"""
    )]
    [InlineData(
        "/components/responses",
        """{"gone":{"description":"Gone","content":{"application/json":{"schema":{"type":"string"}}}}}"""
    )]
    [InlineData(
        "/components/schemas/File",
        """{"type":"object","discriminator":{"propertyName":"kind"},"properties":{"discriminator":{"type":"string","nullable":true},"next":{"$ref":"#/components/schemas/File"}},"example":{"$ref":"#/definitions/File"}}"""
    )]
    public void Write_Swagger_BecomesThree(string place, string expected) =>
        At(ServedFiles, place).ShouldBe(expected);

    [Fact]
    public void Write_Swagger_IsWithoutFindings() =>
        Documents
            .Import(ServedFiles.GetRawText())
            .Findings.Where(finding => finding.Severity != FindingSeverity.Info)
            .ShouldBeEmpty();

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

    // Compact, with the numbers as they are written.
    private static string At(JsonElement root, string place)
    {
        var value = place[1..]
            .Split('/')
            .Aggregate(
                root,
                (at, name) => at.GetProperty(name.Replace("~1", "/", StringComparison.Ordinal))
            );
        return JsonSerializer.Serialize(value, Compact);
    }

    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

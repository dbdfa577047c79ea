using ApiSvc.Catalog.Import;

namespace ApiSvc.Catalog.Tests.Import;

public sealed class OpenApi3Tests
{
    private const string Orders = """
        openapi: 3.1.0
        info:
          title: Orders
          version: 1.0
          description: All orders.
        tags:
          - name: orders
            description: What people bought
        servers:
          - url: https://{region}.orders.example/{base}
            description: Live
            variables:
              region: { default: eu, enum: [eu, us] }
              base: { default: v1 }
        security:
          - oauth: [orders:read]
          - key: []
        paths:
          /orders/{orderId}:
            parameters:
              - $ref: '#/components/parameters/orderId'
              - { name: trace, in: header, schema: { type: string } }
            get:
              operationId: getOrder
              summary: One order
              tags: [orders]
              deprecated: true
              parameters:
                - name: trace
                  in: header
                  required: true
                  schema: { type: string, format: uuid }
                - name: expand
                  in: query
                  schema: { type: array, items: { type: string } }
                  explode: false
              responses:
                '200':
                  description: It
                  content:
                    application/json: { schema: { $ref: '#/components/schemas/Order' } }
                404: { $ref: '#/components/responses/missing' }
            put:
              security: []
              requestBody:
                required: true
                content:
                  application/json: { schema: { $ref: '#/components/schemas/Order' } }
                  application/xml: {}
              responses: { default: { description: Whatever } }
          /ping:
            head:
              security: [ { oauth: [ping] } ]
              responses: { '204': { description: Alive } }
        components:
          parameters:
            orderId: { name: orderId, in: path, required: true, schema: { type: string } }
          responses:
            missing: { description: None }
          schemas:
            Order: { type: object, properties: { parent: { $ref: '#/components/schemas/Order' } } }
          securitySchemes:
            key: { type: apiKey, in: header, name: x-key }
            oauth:
              type: oauth2
              flows:
                clientCredentials:
                  tokenUrl: https://id.example/token
                  scopes: { orders:read: Read, ping: Ping }
        """;

    private static readonly ImportedDocument Document = Documents.Import(Orders);

    [Fact]
    public void Read_Document_KnowsItsHead()
    {
        Document.Format.ShouldBe(SpecificationFormat.OpenApi31);
        Document.FormatVersion.ShouldBe("3.1.0");
        Document.Syntax.ShouldBe(DocumentSyntax.Yaml);
        Document.Title.ShouldBe("Orders");
        Document.Version.ShouldBe("1.0");
        Document.Description.ShouldBe("All orders.");
        Document.Tags.ShouldBe([new("orders", "What people bought")]);
        Document.Source.ToArray().ShouldBe(Documents.Utf8(Orders));
        Document.HasErrors.ShouldBeFalse();
        Document.Said("wrong_type").ShouldBe(["Warning /info/version:4"]);
    }

    [Fact]
    public void Read_Servers_ResolvesTheirVariables()
    {
        var server = Document.Servers.ShouldHaveSingleItem();
        server.Url.ShouldBe("https://{region}.orders.example/{base}");
        server.ResolvedUrl.ShouldBe("https://eu.orders.example/v1");
        server.Variables[0].Values.ShouldBe(["eu", "us"]);
    }

    [Fact]
    public void Read_Operations_AreInOrderWithTheirPlaces()
    {
        Document
            .Operations.Select(operation =>
                $"{operation.Method} {operation.PathTemplate} {operation.Pointer} {operation.Line}"
            )
            .ShouldBe([
                "GET /orders/{orderId} /paths/~1orders~1{orderId}/get 23",
                "PUT /orders/{orderId} /paths/~1orders~1{orderId}/put 43",
                "HEAD /ping /paths/~1ping/head 52",
            ]);
        Document.Operations.ShouldAllBe(operation => operation.IsRoutable);
    }

    [Fact]
    public void Read_Parameters_OfTheOperationReplaceThoseOfThePath()
    {
        var parameters = Document.Operations[0].Parameters;

        parameters
            .Select(parameter => (parameter.Name, parameter.Place, parameter.Required))
            .ShouldBe([
                ("orderId", ParameterPlace.Path, true),
                ("trace", ParameterPlace.Header, true),
                ("expand", ParameterPlace.Query, false),
            ]);
        parameters[1].Schema!.Value.GetProperty("format").GetString().ShouldBe("uuid");
        parameters[2].Style.ShouldBe("form");
        parameters[2].Explode.ShouldBeFalse();
        Document.Operations[1].Parameters[1].Required.ShouldBeFalse();
    }

    [Fact]
    public void Read_Operation_HasIdTagsAndAnswers()
    {
        var operation = Document.Operations[0];

        operation.OperationId.ShouldBe("getOrder");
        operation.Summary.ShouldBe("One order");
        operation.Tags.ShouldBe(["orders"]);
        operation.Deprecated.ShouldBeTrue();
        operation.RequestBody.ShouldBeNull();
        operation
            .Responses.Select(response => (response.Status, response.Description))
            .ShouldBe([("200", "It"), ("404", "None")]);
        operation.Responses[0].MediaTypes.ShouldBe(["application/json"]);
    }

    [Fact]
    public void Read_Body_HasItsForms()
    {
        var body = Document.Operations[1].RequestBody!;

        body.Required.ShouldBeTrue();
        body.Content.Select(content => content.MediaType)
            .ShouldBe(["application/json", "application/xml"]);
        body.Content[0]
            .Schema!.Value.GetProperty("$ref")
            .GetString()
            .ShouldBe("#/components/schemas/Order");
        body.Content[1].Schema.ShouldBeNull();
    }

    [Fact]
    public void Read_Security_IsTheOperationsOrTheDocuments()
    {
        var (get, put, head) = (
            Document.Operations[0],
            Document.Operations[1],
            Document.Operations[2]
        );

        get.Security.Count.ShouldBe(2);
        get.Security[0].Schemes[0].Scheme.ShouldBe("oauth");
        get.RequiredScopes.ShouldBe(["orders:read"]);
        put.Security.ShouldBeEmpty();
        put.RequiredScopes.ShouldBeEmpty();
        head.RequiredScopes.ShouldBe(["ping"]);
        Document
            .SecuritySchemes.Select(scheme => (scheme.Name, scheme.Type, scheme.Detail))
            .ShouldBe([("key", "apiKey", "header:x-key"), ("oauth", "oauth2", "")]);
        Document.SecuritySchemes[1].Scopes.ShouldBe(["orders:read", "ping"]);
    }

    [Fact]
    public void Read_ScopesThatDiffer_RequiresWhatIsCommon()
    {
        var document = Documents.Import(
            Documents.Yaml30(
                """
                  /a:
                    get:
                      security: [ { o: [a, b] }, { o: [b, c] }, { k: [] } ]
                      responses: { '200': { description: ok } }
                """,
                """
                components:
                  securitySchemes:
                    k: { type: http, scheme: basic }
                    o: { type: openIdConnect, openIdConnectUrl: 'https://id.example' }
                """
            )
        );

        document.Operations[0].RequiredScopes.ShouldBe(["b"]);
        document.Said("scopes_differ").ShouldBe(["Info /paths/~1a/get:7"]);
    }
}

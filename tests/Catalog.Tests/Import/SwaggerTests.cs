using ApiSvc.Catalog.Import;

namespace ApiSvc.Catalog.Tests.Import;

public sealed class SwaggerTests
{
    private static readonly ImportedDocument Document = Documents.Import(
        """
        {
          "swagger": "2.0",
          "info": { "title": "Files", "version": "2" },
          "host": "files.example",
          "basePath": "/v2/",
          "schemes": ["https", "http"],
          "consumes": ["application/json"],
          "produces": ["application/json", "text/csv"],
          "securityDefinitions": {
            "basic": { "type": "basic" },
            "oauth": { "type": "oauth2", "flow": "application", "tokenUrl": "https://id.example", "scopes": { "read": "Read" } }
          },
          "security": [ { "oauth": ["read"] } ],
          "parameters": { "body": { "name": "b", "in": "body", "required": true, "schema": { "$ref": "#/definitions/File" } } },
          "definitions": { "File": { "type": "object" } },
          "paths": {
            "/files": {
              "post": {
                "parameters": [ { "$ref": "#/parameters/body" } ],
                "responses": { "201": { "description": "Made", "schema": { "$ref": "#/definitions/File" } } }
              },
              "get": {
                "produces": ["text/plain"],
                "parameters": [ { "name": "ids", "in": "query", "type": "array", "items": { "type": "integer" }, "collectionFormat": "pipes" } ],
                "responses": { "200": { "description": "List", "schema": { "type": "string" } }, "204": { "description": "None" } }
              },
              "trace": {}
            },
            "/upload": {
              "put": {
                "parameters": [
                  { "name": "file", "in": "formData", "type": "file", "required": true },
                  { "name": "note", "in": "formData", "type": "string" }
                ],
                "responses": { "200": { "description": "ok" } }
              }
            }
          }
        }
        """
    );

    [Fact]
    public void Read_Servers_AreMadeOfSchemesHostAndBasePath() =>
        Document
            .Servers.Select(server => server.ResolvedUrl)
            .ShouldBe(["https://files.example/v2", "http://files.example/v2"]);

    [Fact]
    public void Read_BodyParameter_BecomesABody()
    {
        var post = Document.Operations[0];

        post.Parameters.ShouldBeEmpty();
        post.RequestBody!.Required.ShouldBeTrue();
        post.RequestBody.Content.Select(content => content.MediaType)
            .ShouldBe(["application/json"]);
        post.RequestBody.Content[0].Schema!.Value.GetRawText().ShouldContain("#/definitions/File");
        post.Responses[0].MediaTypes.ShouldBe(["application/json", "text/csv"]);
        post.RequiredScopes.ShouldBe(["read"]);
    }

    [Fact]
    public void Read_QueryParameter_HasItsSchemaAndStyle()
    {
        var get = Document.Operations[1];
        var ids = get.Parameters.ShouldHaveSingleItem();

        ids.Style.ShouldBe("pipeDelimited");
        ids.Explode.ShouldBeFalse();
        ids.Schema!.Value.GetRawText()
            .ShouldBe("""{"type":"array","items":{ "type": "integer" }}""");
        get.Responses[0].MediaTypes.ShouldBe(["text/plain"]);
        get.Responses[1].MediaTypes.ShouldBeEmpty();
    }

    [Fact]
    public void Read_FormWithFile_BecomesAMultipartBody()
    {
        var body = Document.Operations[2].RequestBody!;

        body.Content.Select(content => content.MediaType).ShouldBe(["multipart/form-data"]);
        var schema = body.Content[0].Schema!.Value;
        schema
            .GetProperty("properties")
            .EnumerateObject()
            .Select(property => property.Name)
            .ShouldBe(["file", "note"]);
        schema.GetProperty("required").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public void Read_Trace_IsNoMethodOfTwo()
    {
        Document.Format.ShouldBe(SpecificationFormat.Swagger20);
        Document.Operations.Count.ShouldBe(3);
        Document.Said("unknown_field").ShouldBe(["Warning /paths/~1files/trace:27"]);
        Document.HasErrors.ShouldBeFalse();
    }
}

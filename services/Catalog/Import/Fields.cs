using System.Collections.Frozen;

namespace ApiSvc.Catalog.Import;

/// <summary>
/// The fields that the specifications define for each of their objects (OpenAPI 3.0.4 and 3.1.1 section 4.8, OpenAPI 2.0
/// "Schema"). What only one of 3.0 and 3.1 has is in one list: the newer field does no harm in the older document.
/// </summary>
internal static class Fields
{
    public static FrozenSet<string> Root { get; } =
        Of(
            "openapi info jsonSchemaDialect servers paths webhooks components security tags externalDocs"
        );

    public static FrozenSet<string> SwaggerRoot { get; } =
        Of(
            "swagger info host basePath schemes consumes produces paths definitions parameters responses securityDefinitions security tags externalDocs"
        );

    public static FrozenSet<string> Info { get; } =
        Of("title summary description termsOfService contact license version");

    public static FrozenSet<string> PathItem { get; } =
        Of(
            "$ref summary description get put post delete options head patch trace servers parameters"
        );

    public static FrozenSet<string> SwaggerPathItem { get; } =
        Of("$ref get put post delete options head patch parameters");

    public static FrozenSet<string> Operation { get; } =
        Of(
            "tags summary description externalDocs operationId parameters requestBody responses callbacks deprecated security servers"
        );

    public static FrozenSet<string> SwaggerOperation { get; } =
        Of(
            "tags summary description externalDocs operationId consumes produces parameters responses schemes deprecated security"
        );

    public static FrozenSet<string> Parameter { get; } =
        Of(
            "$ref name in description required deprecated allowEmptyValue style explode allowReserved schema example examples content"
        );

    // Also the keywords of a schema, which a parameter has itself in 2.0.
    public static FrozenSet<string> SwaggerParameter { get; } =
        Of(
            "$ref name in description required schema type format allowEmptyValue items collectionFormat default maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems enum multipleOf"
        );

    public static FrozenSet<string> Body { get; } = Of("$ref description content required");

    public static FrozenSet<string> MediaType { get; } = Of("schema example examples encoding");

    public static FrozenSet<string> Response { get; } =
        Of("$ref description headers content links summary");

    public static FrozenSet<string> SwaggerResponse { get; } =
        Of("$ref description schema headers examples");

    public static FrozenSet<string> Server { get; } = Of("url description variables");

    public static FrozenSet<string> SecurityScheme { get; } =
        Of("$ref type description name in scheme bearerFormat flows openIdConnectUrl");

    public static FrozenSet<string> SwaggerSecurityScheme { get; } =
        Of("type description name in flow authorizationUrl tokenUrl scopes");

    public static FrozenSet<string> Components { get; } =
        Of(
            "schemas responses parameters examples requestBodies headers securitySchemes links callbacks pathItems"
        );

    public static FrozenSet<string> Tag { get; } = Of("name description externalDocs");

    private static FrozenSet<string> Of(string names) =>
        names.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}

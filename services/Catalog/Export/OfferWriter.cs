using System.Text.Json;

namespace ApiSvc.Catalog.Export;

/// <summary>Writes an offer in the terms of OpenAPI 3.</summary>
internal sealed class OfferWriter(GatewayOffer offer, Utf8JsonWriter writer)
{
    public void WriteServers()
    {
        writer.WriteStartArray("servers");
        foreach (var server in offer.Servers)
        {
            writer.WriteStartObject();
            writer.WriteString("url", server.Url);
            if (server.Description.Length > 0)
            {
                writer.WriteString("description", server.Description);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public void WriteSecurity() => WriteSecurity(offer.Security);

    /// <summary>What an operation asks for, if that is not what the document does.</summary>
    public void WriteOperationSecurity(string method, string path)
    {
        if (offer.OperationSecurity.TryGetValue((method.ToUpperInvariant(), path), out var own))
        {
            WriteSecurity(own);
        }
    }

    public void WriteSchemes()
    {
        var schemes = offer.Security.Concat(offer.OperationSecurity.Values.SelectMany(own => own));
        writer.WriteStartObject("securitySchemes");
        foreach (
            var scheme in schemes
                .Distinct()
                .Where(scheme => scheme is not OfferedSecurity.Anonymous)
        )
        {
            writer.WriteStartObject(NameOf(scheme));
            WriteScheme(scheme);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WriteSecurity(IReadOnlyList<OfferedSecurity> security)
    {
        writer.WriteStartArray("security");
        foreach (var scheme in security)
        {
            writer.WriteStartObject();
            if (scheme is not OfferedSecurity.Anonymous)
            {
                writer.WriteStartArray(NameOf(scheme));
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteScheme(OfferedSecurity scheme)
    {
        switch (scheme)
        {
            case OfferedSecurity.ApiKey key:
                writer.WriteString("type", "apiKey");
                writer.WriteString("in", key.InQuery ? "query" : "header");
                writer.WriteString("name", key.Name);
                break;
            case OfferedSecurity.ClientCredentials client:
                writer.WriteString("type", "oauth2");
                writer.WriteStartObject("flows");
                writer.WriteStartObject("clientCredentials");
                writer.WriteString("tokenUrl", client.TokenUrl);
                writer.WriteStartObject("scopes");
                writer.WriteEndObject();
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            default:
                writer.WriteString("type", "http");
                writer.WriteString("scheme", "bearer");
                writer.WriteString("bearerFormat", "JWT");
                break;
        }
    }

    private static string NameOf(OfferedSecurity scheme) =>
        scheme switch
        {
            OfferedSecurity.ApiKey { InQuery: true } key => $"apiKeyInQuery_{Plain(key.Name)}",
            OfferedSecurity.ApiKey key => $"apiKey_{Plain(key.Name)}",
            OfferedSecurity.ClientCredentials => "clientCredentials",
            _ => "bearer",
        };

    // Names of components are letters, digits, '.', '-' and '_' (OpenAPI 3.1 section 4.8.7.1).
    private static string Plain(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_'));
}

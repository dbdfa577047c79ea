using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ApiSvc.ServiceDefaults.Configuration;
using Google.Protobuf;

namespace ApiSvc.ServiceDefaults.Audit;

/// <summary>
/// States as JSON without their secrets: what is marked <see cref="SecretAttribute"/>, and, in whatever has no
/// attributes (dictionaries, JSON, messages), what has a name that secrets have.
/// </summary>
internal static class AuditJson
{
    public const string Redacted = "***";

    // Compared without case, hyphens and underscores.
    private static readonly HashSet<string> SecretNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "accesstoken",
        "apikey",
        "authorization",
        "bearertoken",
        "clientsecret",
        "connectionstring",
        "cookie",
        "credentials",
        "hmacsecret",
        "idtoken",
        "keymaterial",
        "passphrase",
        "password",
        "privatekey",
        "proxyauthorization",
        "refreshtoken",
        "secret",
        "secretkey",
        "setcookie",
        "sharedsecret",
        "signingkey",
        "token",
        "totpseed",
        "xapikey",
    };

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RedactMarked } },
    };

    public static string? Write(object? state)
    {
        var node = state switch
        {
            null => null,
            IMessage message => JsonNode.Parse(JsonFormatter.Default.Format(message)),
            _ => JsonSerializer.SerializeToNode(state, state.GetType(), Options),
        };
        RedactNamed(node);
        return node?.ToJsonString(Options);
    }

    private static void RedactMarked(JsonTypeInfo type)
    {
        for (var i = 0; i < type.Properties.Count; i++)
        {
            var property = type.Properties[i];
            if (
                property.Get is { } get
                && property.AttributeProvider?.IsDefined(typeof(SecretAttribute), inherit: true)
                    == true
            )
            {
                var redacted = type.CreateJsonPropertyInfo(typeof(string), property.Name);
                redacted.Get = o => get(o) is null ? null : Redacted;
                type.Properties[i] = redacted;
            }
        }
    }

    private static void RedactNamed(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    if (value is not null && IsSecret(name))
                    {
                        members[name] = Redacted;
                    }
                    else
                    {
                        RedactNamed(value);
                    }
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    RedactNamed(item);
                }

                break;
        }
    }

    private static bool IsSecret(string name) =>
        SecretNames.Contains(name.Replace("-", "").Replace("_", ""));
}

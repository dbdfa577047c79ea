using System.Text.Json;
using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.Catalog.Policies.Settings;

/// <summary>
/// <c>{ "allowedOrigins": ["https://app.example"], "allowedMethods": [], "allowedHeaders": [], "exposedHeaders": [],
/// "allowCredentials": false, "maxAgeSeconds": 600 }</c>; only the origins are needed.
/// </summary>
internal sealed class CorsForm : IPolicyForm
{
    private const ulong MostSeconds = 86_400;

    public PolicyType Type => PolicyTypes.Cors;

    public MessageParser Parser => CorsSettings.Parser;

    public IMessage Read(SettingsObject settings, PolicyPlace place)
    {
        settings.Only(
            "allowedOrigins",
            "allowedMethods",
            "allowedHeaders",
            "exposedHeaders",
            "allowCredentials",
            "maxAgeSeconds"
        );
        var message = new CorsSettings
        {
            AllowedOrigins = { settings.Texts("allowedOrigins", FieldRules.Origin) },
            AllowedMethods = { settings.Texts("allowedMethods", FieldRules.Method) },
            AllowedHeaders = { settings.Texts("allowedHeaders", FieldRules.Token) },
            ExposedHeaders = { settings.Texts("exposedHeaders", FieldRules.Token) },
            AllowCredentials = settings.Flag("allowCredentials"),
        };
        if (settings.Has("maxAgeSeconds"))
        {
            message.MaxAge = new Duration
            {
                Seconds = (long)settings.Number("maxAgeSeconds", 0, MostSeconds),
            };
        }

        CheckOrigins(settings, message);
        return message;
    }

    public void Write(IMessage message, Utf8JsonWriter writer)
    {
        var settings = (CorsSettings)message;
        writer.WriteTexts("allowedOrigins", settings.AllowedOrigins);
        writer.WriteTexts("allowedMethods", settings.AllowedMethods);
        writer.WriteTexts("allowedHeaders", settings.AllowedHeaders);
        writer.WriteTexts("exposedHeaders", settings.ExposedHeaders);
        if (settings.AllowCredentials)
        {
            writer.WriteBoolean("allowCredentials", true);
        }

        if (settings.MaxAge is { } age)
        {
            writer.WriteNumber("maxAgeSeconds", age.Seconds);
        }
    }

    private static void CheckOrigins(SettingsObject settings, CorsSettings message)
    {
        var any = message.AllowedOrigins.Contains("*");
        if (message.AllowedOrigins.Count == 0)
        {
            settings.Refuse("allowedOrigins", "required", "Give at least one origin, or *.");
        }
        else if (any && message.AllowedOrigins.Count > 1)
        {
            settings.Refuse(
                "allowedOrigins",
                "contradiction",
                "Beside * other origins mean nothing."
            );
        }

        if (any && message.AllowCredentials)
        {
            settings.Refuse(
                "allowCredentials",
                "contradiction",
                "With credentials the origins must be named; * is not allowed."
            );
        }
    }
}

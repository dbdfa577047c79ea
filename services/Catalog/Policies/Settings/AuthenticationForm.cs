using System.Text.Json;
using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf;

namespace ApiSvc.Catalog.Policies.Settings;

/// <summary><c>{ "methods": [{ "apiKey": { "header": "x-api-key" } }, { "jwt": {} }, { "anonymous": {} }] }</c></summary>
internal sealed class AuthenticationForm : IPolicyForm
{
    public PolicyType Type => PolicyTypes.Authentication;

    public MessageParser Parser => AuthenticationSettings.Parser;

    public IMessage Read(SettingsObject settings, PolicyPlace place)
    {
        settings.Only("methods");
        var methods = settings.Objects("methods");
        if (methods.Count == 0)
        {
            settings.Refuse(
                "methods",
                "required",
                "Give at least one method: apiKey, jwt or anonymous."
            );
        }

        return new AuthenticationSettings { Methods = { methods.Select(Method) } };
    }

    public void Write(IMessage message, Utf8JsonWriter writer)
    {
        writer.WriteStartArray("methods");
        foreach (var method in ((AuthenticationSettings)message).Methods)
        {
            writer.WriteStartObject();
            Write(method, writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static AuthenticationMethod Method(SettingsObject method)
    {
        method.Only("apiKey", "jwt", "anonymous");
        var (key, jwt, anonymous) = (
            method.OptionalObject("apiKey"),
            method.OptionalObject("jwt"),
            method.OptionalObject("anonymous")
        );
        if (new[] { key, jwt, anonymous }.Count(one => one is not null) != 1)
        {
            method.Refuse("one_of", "A method is one of apiKey, jwt and anonymous.");
        }

        return key is not null ? new() { ApiKey = ApiKey(key) }
            : jwt is not null ? new() { Jwt = Jwt(jwt) }
            : new() { Anonymous = Anonymous(anonymous) };
    }

    private static ApiKeyAuthentication ApiKey(SettingsObject key)
    {
        key.Only("header", "query", "bearer");
        var (header, query, bearer) = (
            key.OptionalText("header", FieldRules.Token),
            key.OptionalText("query", FieldRules.NotEmpty),
            key.Flag("bearer")
        );
        return new()
        {
            Header = header.Length + query.Length == 0 && !bearer ? "x-api-key" : header,
            Query = query,
            Bearer = bearer,
        };
    }

    private static JwtAuthentication Jwt(SettingsObject jwt)
    {
        jwt.Only("issuers", "audiences");
        return new()
        {
            Issuers = { jwt.Texts("issuers", FieldRules.Address) },
            Audiences = { jwt.Texts("audiences", FieldRules.NotEmpty) },
        };
    }

    private static AnonymousAuthentication Anonymous(SettingsObject? anonymous)
    {
        anonymous?.Only();
        return new();
    }

    private static void Write(AuthenticationMethod method, Utf8JsonWriter writer)
    {
        switch (method.MethodCase)
        {
            case AuthenticationMethod.MethodOneofCase.ApiKey:
                writer.WriteStartObject("apiKey");
                writer.WriteText("header", method.ApiKey.Header);
                writer.WriteText("query", method.ApiKey.Query);
                if (method.ApiKey.Bearer)
                {
                    writer.WriteBoolean("bearer", true);
                }

                writer.WriteEndObject();
                break;
            case AuthenticationMethod.MethodOneofCase.Jwt:
                writer.WriteStartObject("jwt");
                writer.WriteTexts("issuers", method.Jwt.Issuers);
                writer.WriteTexts("audiences", method.Jwt.Audiences);
                writer.WriteEndObject();
                break;
            default:
                writer.WriteStartObject("anonymous");
                writer.WriteEndObject();
                break;
        }
    }
}

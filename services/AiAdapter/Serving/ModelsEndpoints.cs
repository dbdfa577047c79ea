using System.Text.Json;
using ApiSvc.AiAdapter.Configuration;
using ApiSvc.AiAdapter.Formats.ChatCompletions;
using ApiSvc.AiAdapter.Formats.Messages;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Serving.Callers;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Serving;

/// <summary>
/// <c>GET /v1/models</c>: the models that can be called, by the names to call them. As OpenAI says it, or as Anthropic does to who
/// sends <c>anthropic-version</c>.
/// </summary>
internal static class ModelsEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/models", ListAsync);
        routes.MapGet("/models/{**model}", GetAsync);
    }

    private static async Task ListAsync(
        HttpContext http,
        IAiConfigurationSource configuration,
        CallerTokens callers
    )
    {
        var isAnthropic = IsAnthropic(http);
        if (await ServingEndpoints.CallerAsync(http, callers, ErrorsOf(isAnthropic)) is { } caller)
        {
            await SendAsync(
                http,
                json => WriteAll(json, NamesOf(configuration, caller), isAnthropic)
            );
        }
    }

    private static async Task GetAsync(
        HttpContext http,
        string model,
        IAiConfigurationSource configuration,
        CallerTokens callers
    )
    {
        var isAnthropic = IsAnthropic(http);
        var errors = ErrorsOf(isAnthropic);
        if (await ServingEndpoints.CallerAsync(http, callers, errors) is not { } caller)
        {
            return;
        }

        if (NamesOf(configuration, caller).Contains(model, StringComparer.Ordinal))
        {
            await SendAsync(http, json => Write(json, model, isAnthropic));
            return;
        }

        await http.SendAsync(
            errors(
                new(FailureKind.NotFound, $"There is no model '{model}' here.", Field: "model"),
                http.TraceIdentifier
            )
        );
    }

    private static List<string> NamesOf(IAiConfigurationSource configuration, AiCaller caller) =>
        configuration.Current.Teams.TryGetValue(caller.ApiTeam, out var team)
            ? [.. team.Models.Keys.Order(StringComparer.Ordinal)]
            : [];

    private static void WriteAll(Utf8JsonWriter json, List<string> names, bool isAnthropic)
    {
        json.WriteStartObject();
        if (!isAnthropic)
        {
            json.WriteString("object"u8, "list"u8);
        }

        json.WriteStartArray("data"u8);
        foreach (var name in names)
        {
            Write(json, name, isAnthropic);
        }

        json.WriteEndArray();
        if (isAnthropic)
        {
            json.WriteBoolean("has_more"u8, value: false);
            json.WriteString("first_id"u8, names.FirstOrDefault());
            json.WriteString("last_id"u8, names.LastOrDefault());
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, bool isAnthropic)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, name);
        if (isAnthropic)
        {
            json.WriteString("type"u8, "model"u8);
            json.WriteString("display_name"u8, name);
            json.WriteString("created_at"u8, "1970-01-01T00:00:00Z"u8);
        }
        else
        {
            json.WriteString("object"u8, "model"u8);
            json.WriteNumber("created"u8, 0);
            json.WriteString("owned_by"u8, "apisvc"u8);
        }

        json.WriteEndObject();
    }

    private static bool IsAnthropic(HttpContext http) =>
        http.Request.Headers.ContainsKey(MessagesVersions.Header);

    private static Func<Failure, string, ErrorReply> ErrorsOf(bool isAnthropic) =>
        isAnthropic ? MessagesFamily.Inbound(MessagesVersion.First).WriteError : ChatErrors.Write;

    private static async Task SendAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        using var output = new PooledBuffer();
        using (var json = new Utf8JsonWriter(output, JsonText.Writing))
        {
            write(json);
        }

        await http.SendJsonAsync(output.Memory);
    }
}

using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Gemini;

/// <summary>Writes a request for Gemini's generateContent.</summary>
internal static class GeminiRequestWriter
{
    private const int MostStops = 5;

    public static WriteOutcome Write(HubRequest request, WriteContext context)
    {
        var writing = new RequestWriting(request, context);
        var model = Uri.EscapeDataString(context.Deployment.Model);
        var verb = request.Stream ? "streamGenerateContent?alt=sse" : "generateContent";
        return writing.Done(
            body => ProviderAddress.Make(context.Deployment, $"/models/{model}:{verb}", body),
            json => Body(json, writing)
        );
    }

    private static void Body(Utf8JsonWriter json, RequestWriting writing)
    {
        json.WriteStartObject();
        var contents = new GeminiContentWriter(json, writing);
        contents.System();
        contents.Contents();
        Tools(json, writing);
        json.WriteStartObject("generationConfig"u8);
        Sampling(json, writing);
        Output(json, writing.Request);
        Thinking(json, writing);
        json.WriteEndObject();
        writing.CheckExtras();
        json.WriteEndObject();
    }

    private static void Tools(Utf8JsonWriter json, RequestWriting writing)
    {
        var functions = writing.Functions(FormatNames.Gemini).ToList();
        if (functions.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools"u8);
        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations"u8);
        foreach (var tool in functions)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tool.Name);
            if (tool.Description is not null)
            {
                json.WriteString("description"u8, tool.Description);
            }

            if (tool.Parameters is { } parameters)
            {
                json.WritePropertyName("parametersJsonSchema"u8);
                parameters.WriteTo(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        Choice(json, writing.Request.ToolChoice);
    }

    private static void Choice(Utf8JsonWriter json, ToolChoice? choice)
    {
        if (choice is null)
        {
            return;
        }

        IReadOnlyList<string> names = choice switch
        {
            ToolChoice.Named named => [named.Name],
            ToolChoice.Allowed allowed => allowed.Names,
            _ => [],
        };
        json.WriteStartObject("toolConfig"u8);
        json.WriteStartObject("functionCallingConfig"u8);
        json.WriteString(
            "mode"u8,
            choice switch
            {
                ToolChoice.None => "NONE"u8,
                ToolChoice.Required or ToolChoice.Named or ToolChoice.Allowed { MustCall: true } =>
                    "ANY"u8,
                // Names may only be given with a mode that calls or checks.
                ToolChoice.Allowed => "VALIDATED"u8,
                _ => "AUTO"u8,
            }
        );
        if (names.Count > 0)
        {
            json.WriteStartArray("allowedFunctionNames"u8);
            foreach (var name in names)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Sampling(Utf8JsonWriter json, RequestWriting writing)
    {
        var request = writing.Request;
        var sampling = writing.TakeSampling();
        Number(json, "temperature"u8, sampling.Temperature);
        Number(json, "topP"u8, sampling.TopP);
        Number(json, "topK"u8, sampling.TopK);
        Number(json, "presencePenalty"u8, sampling.PresencePenalty);
        Number(json, "frequencyPenalty"u8, sampling.FrequencyPenalty);
        Number(json, "seed"u8, sampling.Seed);
        Number(json, "maxOutputTokens"u8, request.MaxOutputTokens);
        writing.Lacks(sampling.LogitBias is not null, Feature.LogitBias);
        writing.Lacks(
            sampling.LogProbabilities is true || sampling.TopLogProbabilities > 0,
            Feature.LogProbabilities
        );
        writing.Lacks(sampling.Choices > 1, Feature.Choices);
        writing.Lacks(request.Verbosity is not (null or "medium"), Feature.Verbosity);
        writing.Lacks(request.Tier != ServiceTier.Default, Feature.Tier);
        if (request.Stop.Count > MostStops)
        {
            writing.Lacks(Feature.Stop, ": at most 5 are possible");
        }
        else if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stopSequences"u8);
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Output(Utf8JsonWriter json, HubRequest request)
    {
        if (request.Output is not null)
        {
            json.WriteString("responseMimeType"u8, "application/json"u8);
        }

        if (request.Output is OutputFormat.Schema schema)
        {
            json.WritePropertyName("responseJsonSchema"u8);
            schema.Value.WriteTo(json);
        }
    }

    private static void Thinking(Utf8JsonWriter json, RequestWriting writing)
    {
        if (writing.Request.Reasoning is not { } reasoning)
        {
            return;
        }

        var effort =
            reasoning.Effort ?? (reasoning.BudgetTokens is { } given ? Efforts.Of(given) : null);
        if (!writing.Traits.Reasoning)
        {
            writing.Lacks(effort is not (null or Effort.None), Feature.Reasoning);
            return;
        }

        json.WriteStartObject("thinkingConfig"u8);
        json.WriteBoolean(
            "includeThoughts"u8,
            effort != Effort.None && reasoning.Show is not false
        );
        if (writing.Traits.ThinksByBudget)
        {
            // -1: as much as it finds right.
            var budget =
                reasoning.BudgetTokens ?? (effort is { } wanted ? Efforts.Budget(wanted) : -1);
            json.WriteNumber("thinkingBudget"u8, budget);
        }
        else if (effort is { } wanted && writing.Traits.Nearest(wanted) is { } nearest)
        {
            json.WriteString("thinkingLevel"u8, Efforts.Word(nearest));
        }

        json.WriteEndObject();
    }
}

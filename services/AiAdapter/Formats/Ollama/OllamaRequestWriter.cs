using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Ollama;

/// <summary>Writes a request for Ollama's chat.</summary>
internal static class OllamaRequestWriter
{
    public static WriteOutcome Write(HubRequest request, WriteContext context)
    {
        var writing = new RequestWriting(request, context);
        return writing.Done(
            body => ProviderAddress.Make(context.Deployment, "/api/chat", body),
            json => Body(json, writing)
        );
    }

    private static void Body(Utf8JsonWriter json, RequestWriting writing)
    {
        var request = writing.Request;
        json.WriteStartObject();
        json.WriteString("model"u8, writing.Deployment.Model);

        // Its default is to stream.
        json.WriteBoolean("stream"u8, request.Stream);
        json.WriteStartArray("messages"u8);
        new OllamaMessageWriter(json, writing).Write();
        json.WriteEndArray();
        Tools(json, writing);
        Output(json, request);
        Think(json, writing);
        Options(json, writing);
        writing.CheckExtras();
        json.WriteEndObject();
    }

    private static void Tools(Utf8JsonWriter json, RequestWriting writing)
    {
        var choice = writing.Request.ToolChoice;
        writing.Lacks(
            choice is not (null or ToolChoice.Auto or ToolChoice.None),
            Feature.ToolChoice
        );
        var functions = writing.Functions(FormatNames.Ollama).ToList();
        if (functions.Count == 0 || choice is ToolChoice.None)
        {
            return;
        }

        json.WriteStartArray("tools"u8);
        foreach (var tool in functions)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, tool.Name);
            json.WriteString("description"u8, tool.Description ?? "");
            json.WritePropertyName("parameters"u8);
            if (tool.Parameters is { } parameters)
            {
                parameters.WriteTo(json);
            }
            else
            {
                json.WriteRawValue("""{"type":"object","properties":{}}"""u8);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Output(Utf8JsonWriter json, HubRequest request)
    {
        if (request.Output is OutputFormat.Schema schema)
        {
            json.WritePropertyName("format"u8);
            schema.Value.WriteTo(json);
        }
        else if (request.Output is not null)
        {
            json.WriteString("format"u8, "json"u8);
        }
    }

    private static void Think(Utf8JsonWriter json, RequestWriting writing)
    {
        if (writing.Request.Reasoning is not { } reasoning)
        {
            return;
        }

        var effort =
            reasoning.Effort
            ?? (reasoning.BudgetTokens is { } budget ? Efforts.Of(budget) : Effort.Medium);
        if (!writing.Traits.Reasoning)
        {
            writing.Lacks(effort != Effort.None, Feature.Reasoning);
        }
        else if (effort == Effort.None)
        {
            json.WriteBoolean("think"u8, value: false);
        }
        else if (writing.Traits.ThinksByBudget)
        {
            json.WriteBoolean("think"u8, value: true);
        }
        else
        {
            json.WriteString("think"u8, Efforts.Word(writing.Traits.Nearest(effort) ?? effort));
        }
    }

    private static void Options(Utf8JsonWriter json, RequestWriting writing)
    {
        var request = writing.Request;
        var sampling = writing.TakeSampling();
        json.WriteStartObject("options"u8);
        Number(json, "temperature"u8, sampling.Temperature);
        Number(json, "top_p"u8, sampling.TopP);
        Number(json, "top_k"u8, sampling.TopK);
        Number(json, "seed"u8, sampling.Seed);
        Number(json, "frequency_penalty"u8, sampling.FrequencyPenalty);
        Number(json, "presence_penalty"u8, sampling.PresencePenalty);
        Number(json, "num_predict"u8, request.MaxOutputTokens);

        // Its own default is a few thousand tokens, and longer prompts are cut in silence.
        Number(json, "num_ctx"u8, writing.Traits.ContextTokens);
        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        writing.Lacks(sampling.LogitBias is not null, Feature.LogitBias);
        writing.Lacks(
            sampling.LogProbabilities is true || sampling.TopLogProbabilities > 0,
            Feature.LogProbabilities
        );
        writing.Lacks(sampling.Choices > 1, Feature.Choices);
        writing.Lacks(request.Tier != ServiceTier.Default, Feature.Tier);
        writing.Lacks(request.Verbosity is not (null or "medium"), Feature.Verbosity);
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}

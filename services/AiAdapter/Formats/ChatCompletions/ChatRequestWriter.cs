using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>Writes a request for OpenAI's Chat Completions, and for those who are compatible but for quirks.</summary>
internal static class ChatRequestWriter
{
    public static WriteOutcome Write(HubRequest request, WriteContext context) =>
        Write(
            request,
            context,
            body => ProviderAddress.Make(context.Deployment, "/chat/completions", body)
        );

    public static WriteOutcome Write(
        HubRequest request,
        WriteContext context,
        Func<byte[], ProviderRequest> address
    )
    {
        var writing = new RequestWriting(request, context);
        return writing.Done(address, json => Body(json, writing));
    }

    private static void Body(Utf8JsonWriter json, RequestWriting writing)
    {
        var request = writing.Request;
        var quirks = writing.Deployment.Provider.Quirks;
        json.WriteStartObject();
        json.WriteString("model"u8, writing.Deployment.Model);
        json.WriteStartArray("messages"u8);
        new ChatMessageWriter(json, writing).Write();
        json.WriteEndArray();
        Limits(json, writing, quirks);
        Sampling(json, writing, quirks);
        ChatToolWriter.Write(json, writing);
        Output(json, request);
        Reasoning(json, writing, quirks);
        if (request.Verbosity is not null)
        {
            json.WriteString("verbosity"u8, request.Verbosity);
        }

        if (request.User is not null)
        {
            json.WriteString("user"u8, request.User);
        }

        Tier(json, writing);
        Stream(json, request, quirks);
        Extras(json, writing);
        json.WriteEndObject();
    }

    private static void Limits(Utf8JsonWriter json, RequestWriting writing, Quirks quirks)
    {
        var request = writing.Request;
        if (request.MaxOutputTokens is { } most)
        {
            json.WriteNumber(quirks.MaxTokens ? "max_tokens"u8 : "max_completion_tokens"u8, most);
        }

        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }
    }

    private static void Sampling(Utf8JsonWriter json, RequestWriting writing, Quirks quirks)
    {
        var sampling = writing.TakeSampling();
        if (sampling.TopK is { } topK && Takes(writing, quirks.TopK, Feature.TopK))
        {
            json.WriteNumber("top_k"u8, topK);
        }

        Number(json, writing, "temperature", sampling.Temperature, Feature.Temperature);
        Number(json, writing, "top_p", sampling.TopP, Feature.TopP);
        Number(
            json,
            writing,
            "frequency_penalty",
            sampling.FrequencyPenalty,
            Feature.FrequencyPenalty
        );
        Number(
            json,
            writing,
            "presence_penalty",
            sampling.PresencePenalty,
            Feature.PresencePenalty
        );
        Number(json, writing, quirks.Seed, sampling.Seed, Feature.Seed);
        Number(
            json,
            writing,
            "n",
            sampling.Choices is 1 ? null : sampling.Choices,
            Feature.Choices
        );
        Number(
            json,
            writing,
            "top_logprobs",
            sampling.TopLogProbabilities,
            Feature.LogProbabilities
        );
        if (
            sampling.LogProbabilities is true
            && Takes(writing, takes: true, Feature.LogProbabilities)
        )
        {
            json.WriteBoolean("logprobs"u8, value: true);
        }

        if (sampling.LogitBias is { } bias && Takes(writing, takes: true, Feature.LogitBias))
        {
            json.WritePropertyName("logit_bias"u8);
            bias.WriteTo(json);
        }
    }

    private static void Number(
        Utf8JsonWriter json,
        RequestWriting writing,
        string name,
        double? value,
        Feature feature
    )
    {
        if (value is { } number && Takes(writing, takes: true, feature))
        {
            json.WriteNumber(name, number);
        }
    }

    private static bool Takes(RequestWriting writing, bool takes, Feature feature)
    {
        if (takes && !writing.Deployment.Provider.Quirks.Lacks.Contains(feature))
        {
            return true;
        }

        writing.Lacks(feature);
        return false;
    }

    private static void Output(Utf8JsonWriter json, HubRequest request)
    {
        if (request.Output is null)
        {
            return;
        }

        json.WriteStartObject("response_format"u8);
        if (request.Output is OutputFormat.Schema schema)
        {
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, schema.Name ?? "answer");
            if (schema.Description is not null)
            {
                json.WriteString("description"u8, schema.Description);
            }

            json.WritePropertyName("schema"u8);
            schema.Value.WriteTo(json);
            if (schema.Strict is { } strict)
            {
                json.WriteBoolean("strict"u8, strict);
            }

            json.WriteEndObject();
        }
        else
        {
            json.WriteString("type"u8, "json_object"u8);
        }

        json.WriteEndObject();
    }

    private static void Reasoning(Utf8JsonWriter json, RequestWriting writing, Quirks quirks)
    {
        if (writing.Request.Reasoning is not { } reasoning)
        {
            return;
        }

        var effort = reasoning.Effort ?? Efforts.Of(reasoning.BudgetTokens ?? 2048);
        if (!writing.Traits.Reasoning)
        {
            // Not to think is what it does anyway.
            writing.Lacks(effort != Effort.None, Feature.Reasoning);
            return;
        }

        ChatThinking.Write(json, writing, quirks, effort, reasoning.BudgetTokens);
    }

    private static void Tier(Utf8JsonWriter json, RequestWriting writing)
    {
        if (
            writing.Request.Tier != ServiceTier.Default
            && Takes(writing, takes: true, Feature.Tier)
        )
        {
            json.WriteString("service_tier"u8, Tiers.Word(writing.Request.Tier));
        }
    }

    private static void Stream(Utf8JsonWriter json, HubRequest request, Quirks quirks)
    {
        if (!request.Stream)
        {
            return;
        }

        json.WriteBoolean("stream"u8, value: true);
        if (!quirks.NoStreamOptions)
        {
            // Whether the client wants counts or not: they are what a call costs.
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, value: true);
            json.WriteEndObject();
        }
    }

    // Fields of the client's own format that nobody here knows are the provider's to judge.
    private static void Extras(Utf8JsonWriter json, RequestWriting writing)
    {
        if (writing.Request.Source.Format != FormatNames.ChatCompletions)
        {
            writing.CheckExtras();
            return;
        }

        foreach (var extra in writing.Request.Extras)
        {
            if (!extra.Harmless)
            {
                json.WritePropertyName(extra.Name);
                extra.Value.WriteTo(json);
            }
        }
    }
}

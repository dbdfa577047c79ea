using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Messages;

/// <summary>Writes a request for Anthropic's Messages.</summary>
internal static class MessagesRequestWriter
{
    // Mandatory there: what is sent if neither client nor catalogue say more.
    private const long UsualLimit = 4096;

    public static WriteOutcome Write(HubRequest request, WriteContext context)
    {
        var writing = new RequestWriting(request, context);
        return writing.Done(body => Address(context.Deployment, body), json => Body(json, writing));
    }

    public static ProviderRequest Address(Deployment deployment, ReadOnlyMemory<byte> body) =>
        ProviderAddress.Make(
            deployment,
            "/v1/messages",
            body,
            new KeyValuePair<string, string>(
                MessagesVersions.Header,
                MessagesVersions.Word(VersionOf(deployment))
            )
        );

    public static MessagesVersion VersionOf(Deployment deployment) =>
        MessagesVersions.Read(deployment.ApiVersion) ?? MessagesVersion.First;

    private static void Body(Utf8JsonWriter json, RequestWriting writing)
    {
        var request = writing.Request;
        json.WriteStartObject();
        json.WriteString("model"u8, writing.Deployment.Model);
        var limit = request.MaxOutputTokens ?? writing.Traits.MaxOutputTokens ?? UsualLimit;
        json.WriteNumber("max_tokens"u8, limit);
        var messages = new MessagesBlockWriter(json, writing);
        messages.System();
        messages.Messages();
        MessagesToolWriter.Write(json, writing);
        Sampling(json, writing);
        Stop(json, request);
        Thinking(json, writing, limit);
        if (request.User is not null)
        {
            json.WriteStartObject("metadata"u8);
            json.WriteString("user_id"u8, request.User);
            json.WriteEndObject();
        }

        // Priority is bought by contract there and used when it can be.
        writing.Lacks(request.Tier is ServiceTier.Flex or ServiceTier.Batch, Feature.Tier);
        if (request.Stream)
        {
            json.WriteBoolean("stream"u8, value: true);
        }

        Extras(json, writing);
        json.WriteEndObject();
    }

    private static void Sampling(Utf8JsonWriter json, RequestWriting writing)
    {
        var sampling = writing.TakeSampling();
        if (VersionOf(writing.Deployment) == MessagesVersion.Second)
        {
            writing.Lacks(sampling.Temperature is not (null or 1), Feature.Temperature);
            writing.Lacks(sampling.TopP is not (null or 1), Feature.TopP);
            writing.Lacks(sampling.TopK is not null, Feature.TopK);
        }
        else
        {
            Temperature(json, writing, sampling);
            if (sampling.TopP is { } topP)
            {
                json.WriteNumber("top_p"u8, topP);
            }

            if (sampling.TopK is { } topK)
            {
                json.WriteNumber("top_k"u8, topK);
            }
        }

        writing.Lacks(sampling.FrequencyPenalty is not (null or 0), Feature.FrequencyPenalty);
        writing.Lacks(sampling.PresencePenalty is not (null or 0), Feature.PresencePenalty);
        writing.Lacks(sampling.Seed is not null, Feature.Seed);
        writing.Lacks(sampling.LogitBias is not null, Feature.LogitBias);
        writing.Lacks(
            sampling.LogProbabilities is true || sampling.TopLogProbabilities > 0,
            Feature.LogProbabilities
        );
        writing.Lacks(sampling.Choices > 1, Feature.Choices);
        writing.Lacks(writing.Request.Verbosity is not (null or "medium"), Feature.Verbosity);
    }

    // 0 to 1 there, 0 to 2 at OpenAI.
    private static void Temperature(Utf8JsonWriter json, RequestWriting writing, Sampling sampling)
    {
        if (sampling.Temperature is > 1)
        {
            writing.Lacks(Feature.Temperature, ": the highest is 1");
        }
        else if (sampling.Temperature is { } temperature)
        {
            json.WriteNumber("temperature"u8, temperature);
        }
    }

    private static void Stop(Utf8JsonWriter json, HubRequest request)
    {
        var stops = request.Stop.Where(stop => !string.IsNullOrWhiteSpace(stop)).ToList();
        if (stops.Count > 0)
        {
            json.WriteStartArray("stop_sequences"u8);
            stops.ForEach(json.WriteStringValue);
            json.WriteEndArray();
        }
    }

    private static void Thinking(Utf8JsonWriter json, RequestWriting writing, long limit)
    {
        var reasoning = writing.Request.Reasoning;
        var thinks = reasoning is { } && (reasoning.Effort ?? Effort.Medium) != Effort.None;
        if (thinks && !writing.Traits.Reasoning)
        {
            writing.Lacks(Feature.Reasoning);
            thinks = false;
        }

        Effort? effort =
            thinks && !writing.Traits.ThinksByBudget && reasoning!.Effort is { } wanted
                ? writing.Traits.Nearest(wanted)
                : null;
        if (writing.Request.Output is OutputFormat.Json)
        {
            writing.Lacks(Feature.StructuredOutput, ": give a JSON schema");
        }

        var schema = writing.Request.Output as OutputFormat.Schema;
        if (effort is not null || schema is not null)
        {
            json.WriteStartObject("output_config"u8);
            if (effort is { } word)
            {
                json.WriteString("effort"u8, Efforts.Word(word));
            }

            if (schema is not null)
            {
                json.WriteStartObject("format"u8);
                json.WriteString("type"u8, "json_schema"u8);
                json.WritePropertyName("schema"u8);
                schema.Value.WriteTo(json);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        if (reasoning is not null && writing.Traits.Reasoning)
        {
            Thinking(json, writing, reasoning, thinks, limit);
        }
    }

    private static void Thinking(
        Utf8JsonWriter json,
        RequestWriting writing,
        ReasoningRequest reasoning,
        bool thinks,
        long limit
    )
    {
        json.WriteStartObject("thinking"u8);
        if (!thinks)
        {
            json.WriteString("type"u8, "disabled"u8);
        }
        else if (writing.Traits.ThinksByBudget)
        {
            // At least 1,024, and less than the whole answer.
            var budget =
                reasoning.BudgetTokens ?? Efforts.Budget(reasoning.Effort ?? Effort.Medium);
            json.WriteString("type"u8, "enabled"u8);
            json.WriteNumber("budget_tokens"u8, Math.Max(1024, Math.Min(budget, limit - 1)));
        }
        else
        {
            json.WriteString("type"u8, "adaptive"u8);
        }

        if (thinks && reasoning.Show is { } show)
        {
            json.WriteString("display"u8, show ? "summarized"u8 : "omitted"u8);
        }

        json.WriteEndObject();
    }

    private static void Extras(Utf8JsonWriter json, RequestWriting writing)
    {
        if (writing.Request.Source.Format != FormatNames.Messages)
        {
            writing.CheckExtras();
            return;
        }

        foreach (var extra in writing.Request.Extras)
        {
            json.WritePropertyName(extra.Name);
            extra.Value.WriteTo(json);
        }
    }
}

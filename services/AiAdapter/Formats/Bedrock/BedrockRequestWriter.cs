using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Bedrock;

/// <summary>Writes a request for Bedrock's Converse.</summary>
internal static class BedrockRequestWriter
{
    private const int MostStops = 4;

    public static WriteOutcome Write(HubRequest request, WriteContext context)
    {
        var writing = new RequestWriting(request, context);
        return writing.Done(
            body => Address(request.Stream, context, body),
            json => Body(json, writing)
        );
    }

    private static ProviderRequest Address(bool stream, WriteContext context, byte[] body)
    {
        var deployment = context.Deployment;
        var model = Uri.EscapeDataString(deployment.Model);
        var plain = ProviderAddress.Make(
            deployment,
            $"/model/{model}/{(stream ? "converse-stream" : "converse")}",
            body
        );
        if (deployment.Provider.Authentication.Kind != AuthenticationKind.SigV4)
        {
            return plain;
        }

        var region = deployment.Places.GetValueOrDefault("region", "us-east-1");
        var signed = SigV4.Sign(
            "POST",
            plain.Address,
            body,
            deployment.Credential,
            new(region, "bedrock", context.Now),
            [new("content-type", plain.ContentType)]
        );
        return plain with { Headers = [.. plain.Headers, .. signed] };
    }

    private static void Body(Utf8JsonWriter json, RequestWriting writing)
    {
        json.WriteStartObject();
        var content = new BedrockContentWriter(json, writing);
        content.System();
        content.Messages();
        Inference(json, writing);
        BedrockToolWriter.Write(json, writing);
        Output(json, writing);
        Additional(json, writing);
        if (writing.Request.Tier is ServiceTier.Flex or ServiceTier.Priority)
        {
            json.WriteStartObject("serviceTier"u8);
            json.WriteString("type"u8, Tiers.Word(writing.Request.Tier));
            json.WriteEndObject();
        }

        writing.CheckExtras();
        json.WriteEndObject();
    }

    private static void Inference(Utf8JsonWriter json, RequestWriting writing)
    {
        var request = writing.Request;
        var sampling = writing.TakeSampling();
        json.WriteStartObject("inferenceConfig"u8);
        if ((request.MaxOutputTokens ?? writing.Traits.MaxOutputTokens) is { } most)
        {
            json.WriteNumber("maxTokens"u8, most);
        }

        if (sampling.Temperature is { } temperature)
        {
            json.WriteNumber("temperature"u8, temperature);
        }

        if (sampling.TopP is { } topP)
        {
            json.WriteNumber("topP"u8, topP);
        }

        if (request.Stop.Count > MostStops)
        {
            writing.Lacks(Feature.Stop, ": at most 4 are possible");
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

        json.WriteEndObject();
        writing.Lacks(sampling.FrequencyPenalty is not (null or 0), Feature.FrequencyPenalty);
        writing.Lacks(sampling.PresencePenalty is not (null or 0), Feature.PresencePenalty);
        writing.Lacks(sampling.Seed is not null, Feature.Seed);
        writing.Lacks(sampling.LogitBias is not null, Feature.LogitBias);
        writing.Lacks(
            sampling.LogProbabilities is true || sampling.TopLogProbabilities > 0,
            Feature.LogProbabilities
        );
        writing.Lacks(sampling.Choices > 1, Feature.Choices);
        writing.Lacks(request.Verbosity is not (null or "medium"), Feature.Verbosity);
        writing.Lacks(request.Tier == ServiceTier.Batch, Feature.Tier);
    }

    // The schema is a text there.
    private static void Output(Utf8JsonWriter json, RequestWriting writing)
    {
        if (writing.Request.Output is OutputFormat.Json)
        {
            writing.Lacks(Feature.StructuredOutput, ": give a JSON schema");
        }
        else if (writing.Request.Output is OutputFormat.Schema schema)
        {
            json.WriteStartObject("outputConfig"u8);
            json.WriteStartObject("textFormat"u8);
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteStartObject("structure"u8);
            json.WriteStartObject("jsonSchema"u8);
            json.WriteString("schema"u8, schema.Value.ToString());
            json.WriteString("name"u8, schema.Name ?? "answer");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    // What each family of models has of its own.
    private static void Additional(Utf8JsonWriter json, RequestWriting writing)
    {
        var model = writing.Deployment.Model;
        var isClaude = model.Contains("anthropic.", StringComparison.Ordinal);
        var topK = writing.Traits.Sampling ? writing.Request.Sampling.TopK : null;
        writing.Lacks(topK is not null && !isClaude, Feature.TopK);
        var reasoning = writing.Request.Reasoning;
        var effort =
            reasoning?.Effort ?? (reasoning?.BudgetTokens is { } given ? Efforts.Of(given) : null);
        var thinks = reasoning is not null && effort != Effort.None;
        var isOpenAi = model.Contains("openai.", StringComparison.Ordinal);
        if (thinks && !(writing.Traits.Reasoning && (isClaude || isOpenAi)))
        {
            writing.Lacks(Feature.Reasoning);
            thinks = false;
        }

        if (!thinks && (topK is null || !isClaude))
        {
            return;
        }

        json.WriteStartObject("additionalModelRequestFields"u8);
        if (isClaude && topK is { } number)
        {
            json.WriteNumber("top_k"u8, number);
        }

        if (thinks && isClaude)
        {
            Claude(json, writing, reasoning!, effort);
        }
        else if (thinks)
        {
            json.WriteString(
                "reasoning_effort"u8,
                Efforts.Word(writing.Traits.Nearest(effort ?? Effort.Medium) ?? Effort.Medium)
            );
        }

        json.WriteEndObject();
    }

    private static void Claude(
        Utf8JsonWriter json,
        RequestWriting writing,
        ReasoningRequest reasoning,
        Effort? effort
    )
    {
        json.WriteStartObject("thinking"u8);
        if (writing.Traits.ThinksByBudget)
        {
            json.WriteString("type"u8, "enabled"u8);
            json.WriteNumber(
                "budget_tokens"u8,
                Math.Max(1024, reasoning.BudgetTokens ?? Efforts.Budget(effort ?? Effort.Medium))
            );
        }
        else
        {
            json.WriteString("type"u8, "adaptive"u8);
        }

        json.WriteEndObject();
        if (
            !writing.Traits.ThinksByBudget
            && effort is { } wanted
            && writing.Traits.Nearest(wanted) is { } nearest
        )
        {
            json.WriteStartObject("output_config"u8);
            json.WriteString("effort"u8, Efforts.Word(nearest));
            json.WriteEndObject();
        }
    }
}

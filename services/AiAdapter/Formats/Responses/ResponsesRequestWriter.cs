using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Responses;

/// <summary>Writes a request for OpenAI's Responses, without state at the provider.</summary>
internal static class ResponsesRequestWriter
{
    public static WriteOutcome Write(HubRequest request, WriteContext context) =>
        Write(
            request,
            context,
            body => ProviderAddress.Make(context.Deployment, "/responses", body)
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
        json.WriteStartObject();
        json.WriteString("model"u8, writing.Deployment.Model);
        json.WriteStartArray("input"u8);
        new ResponsesItemWriter(json, writing).Write();
        json.WriteEndArray();

        // Nothing is kept there, so what a later turn needs has to come with the answer.
        json.WriteBoolean("store"u8, value: false);
        if (writing.Traits.Reasoning)
        {
            json.WriteStartArray("include"u8);
            json.WriteStringValue("reasoning.encrypted_content"u8);
            json.WriteEndArray();
        }

        if (request.MaxOutputTokens is { } most)
        {
            json.WriteNumber("max_output_tokens"u8, most);
        }

        Sampling(json, writing);
        Tools(json, writing);
        Text(json, request);
        Reasoning(json, writing);
        if (request.User is not null)
        {
            json.WriteString("user"u8, request.User);
        }

        if (request.Tier != ServiceTier.Default)
        {
            json.WriteString("service_tier"u8, Tiers.Word(request.Tier));
        }

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
        if (sampling.Temperature is { } temperature)
        {
            json.WriteNumber("temperature"u8, temperature);
        }

        if (sampling.TopP is { } topP)
        {
            json.WriteNumber("top_p"u8, topP);
        }

        if (sampling.TopLogProbabilities is { } logProbabilities)
        {
            json.WriteNumber("top_logprobs"u8, logProbabilities);
        }

        writing.Lacks(sampling.TopK is not null, Feature.TopK);
        writing.Lacks(sampling.FrequencyPenalty is not (null or 0), Feature.FrequencyPenalty);
        writing.Lacks(sampling.PresencePenalty is not (null or 0), Feature.PresencePenalty);
        writing.Lacks(sampling.Seed is not null, Feature.Seed);
        writing.Lacks(sampling.LogitBias is not null, Feature.LogitBias);
        writing.Lacks(
            sampling.LogProbabilities is true && sampling.TopLogProbabilities is null,
            Feature.LogProbabilities
        );
        writing.Lacks(sampling.Choices > 1, Feature.Choices);
        writing.Lacks(writing.Request.Stop.Count > 0, Feature.Stop);
    }

    private static void Tools(Utf8JsonWriter json, RequestWriting writing)
    {
        var request = writing.Request;
        if (request.Tools.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools"u8);
        foreach (var tool in writing.OwnTools(FormatNames.Responses))
        {
            tool.Raw.WriteTo(json);
        }

        foreach (var tool in writing.Functions(FormatNames.Responses))
        {
            ResponsesEcho.Function(json, tool);
        }

        json.WriteEndArray();
        if (request.ToolChoice is { } choice)
        {
            ResponsesEcho.Choice(json, choice);
        }

        if (request.ParallelToolCalls is { } parallel)
        {
            json.WriteBoolean("parallel_tool_calls"u8, parallel);
        }
    }

    private static void Text(Utf8JsonWriter json, HubRequest request)
    {
        if (request.Output is not null || request.Verbosity is not null)
        {
            ResponsesEcho.Text(json, request);
        }
    }

    private static void Reasoning(Utf8JsonWriter json, RequestWriting writing)
    {
        if (writing.Request.Reasoning is not { } reasoning)
        {
            return;
        }

        var effort =
            reasoning.Effort ?? (reasoning.BudgetTokens is { } budget ? Efforts.Of(budget) : null);
        if (!writing.Traits.Reasoning)
        {
            writing.Lacks(effort is not (null or Effort.None), Feature.Reasoning);
            return;
        }

        json.WriteStartObject("reasoning"u8);
        if (effort is { } wanted && writing.Traits.Nearest(wanted) is { } nearest)
        {
            json.WriteString("effort"u8, Efforts.Word(nearest));
        }

        if (reasoning.Show is true)
        {
            json.WriteString("summary"u8, "auto"u8);
        }

        json.WriteEndObject();
    }

    private static void Extras(Utf8JsonWriter json, RequestWriting writing)
    {
        if (writing.Request.Source.Format != FormatNames.Responses)
        {
            writing.CheckExtras();
            return;
        }

        foreach (
            var extra in writing.Request.Extras.Where(extra =>
                extra.Name is not ("store" or "include")
            )
        )
        {
            json.WritePropertyName(extra.Name);
            extra.Value.WriteTo(json);
        }
    }
}

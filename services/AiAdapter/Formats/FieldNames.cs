using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Formats;

/// <summary>What each inbound format calls a feature, for messages to its clients.</summary>
internal static class FieldNames
{
    public static string Of(string format, Feature feature) =>
        (format, feature) switch
        {
            (_, Feature.Temperature) => "temperature",
            (_, Feature.TopP) => "top_p",
            (_, Feature.TopK) => "top_k",
            (_, Feature.FrequencyPenalty) => "frequency_penalty",
            (_, Feature.PresencePenalty) => "presence_penalty",
            (_, Feature.Seed) => "seed",
            (_, Feature.LogitBias) => "logit_bias",
            (FormatNames.Responses, Feature.LogProbabilities) => "top_logprobs",
            (_, Feature.LogProbabilities) => "logprobs",
            (_, Feature.Choices) => "n",
            (FormatNames.ChatCompletions, Feature.Stop) => "stop",
            (_, Feature.Stop) => "stop_sequences",
            (_, Feature.Tools) => "tools",
            (_, Feature.ToolChoice) => "tool_choice",
            (FormatNames.Messages, Feature.ParallelToolCalls) =>
                "tool_choice.disable_parallel_tool_use",
            (_, Feature.ParallelToolCalls) => "parallel_tool_calls",
            (FormatNames.ChatCompletions, Feature.StructuredOutput) => "response_format",
            (FormatNames.Responses, Feature.StructuredOutput) => "text.format",
            (_, Feature.StructuredOutput) => "output_config.format",
            (FormatNames.ChatCompletions, Feature.Reasoning) => "reasoning_effort",
            (FormatNames.Responses, Feature.Reasoning) => "reasoning",
            (_, Feature.Reasoning) => "thinking",
            (FormatNames.Responses, Feature.Verbosity) => "text.verbosity",
            (_, Feature.Verbosity) => "verbosity",
            (_, Feature.Tier) => "service_tier",
            (_, Feature.Stream) => "stream",
            (FormatNames.ChatCompletions, Feature.MaxOutputTokens) => "max_completion_tokens",
            (FormatNames.Responses, Feature.MaxOutputTokens) => "max_output_tokens",
            (_, Feature.MaxOutputTokens) => "max_tokens",
            (_, Feature.Dimensions) => "dimensions",
            (FormatNames.Responses, _) => "input",
            _ => "messages",
        };
}

/// <summary>Names of inbound formats, and of provider families.</summary>
internal static class FormatNames
{
    public const string ChatCompletions = "openai-chat";
    public const string Responses = "openai-responses";
    public const string Messages = "anthropic";
    public const string Gemini = "gemini";
    public const string Bedrock = "bedrock";
    public const string Ollama = "ollama";
    public const string AzureOpenAi = "azure-openai";
    public const string Embeddings = "openai-embeddings";
}

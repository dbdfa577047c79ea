using ApiSvc.AiAdapter.Formats.Azure;
using ApiSvc.AiAdapter.Formats.Bedrock;
using ApiSvc.AiAdapter.Formats.ChatCompletions;
using ApiSvc.AiAdapter.Formats.Gemini;
using ApiSvc.AiAdapter.Formats.Messages;
using ApiSvc.AiAdapter.Formats.Ollama;
using ApiSvc.AiAdapter.Formats.Responses;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats;

/// <summary>All formats that are spoken, each registered once.</summary>
internal static class Families
{
    public static IReadOnlyDictionary<string, ProviderFamily> All { get; } =
        new[]
        {
            ChatFamily.Family,
            ResponsesFamily.Family,
            MessagesFamily.Family,
            GeminiFamily.Family,
            AzureFamilies.Chat,
            AzureFamilies.Responses,
            BedrockFamily.Family,
            OllamaFamily.Family,
        }.ToDictionary(family => family.Name, StringComparer.Ordinal);

    public static IReadOnlyList<InboundFormat> Inbound { get; } =
    [
        ChatFamily.Inbound,
        ResponsesFamily.Inbound,
        MessagesFamily.Inbound(MessagesVersion.First),
        MessagesFamily.Inbound(MessagesVersion.Second),
    ];
}

using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

internal static class ChatFinish
{
    /// <summary>A reason to finish; null for one that means the answer went wrong.</summary>
    public static FinishReason? Read(string word, bool calledTool) =>
        word switch
        {
            "length" or "model_length" or "max_tokens" => FinishReason.Length,
            "tool_calls" or "function_call" => FinishReason.ToolUse,
            "content_filter" or "sensitive" => FinishReason.Filtered,
            "error" or "network_error" => null,

            // Some say stop although they call a tool; a word nobody knows is an end.
            _ => calledTool ? FinishReason.ToolUse : FinishReason.End,
        };

    public static ReadOnlySpan<byte> Word(FinishReason reason) =>
        reason switch
        {
            FinishReason.Length => "length"u8,
            FinishReason.ToolUse => "tool_calls"u8,
            FinishReason.Filtered => "content_filter"u8,
            _ => "stop"u8,
        };
}

using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Formats.Messages;

internal static class MessagesFinish
{
    public static FinishReason Read(string? word) =>
        word switch
        {
            "stop_sequence" => FinishReason.StopSequence,
            "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
            "tool_use" => FinishReason.ToolUse,
            "refusal" or "sensitive" => FinishReason.Filtered,
            "pause_turn" => FinishReason.Paused,

            // New words must not break a client: the answer is there.
            _ => FinishReason.End,
        };

    public static ReadOnlySpan<byte> Word(FinishReason reason) =>
        reason switch
        {
            FinishReason.StopSequence => "stop_sequence"u8,
            FinishReason.Length => "max_tokens"u8,
            FinishReason.ToolUse => "tool_use"u8,
            FinishReason.Filtered => "refusal"u8,
            FinishReason.Paused => "pause_turn"u8,
            _ => "end_turn"u8,
        };
}

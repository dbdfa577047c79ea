using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Formats.Gemini;

internal static class GeminiFinish
{
    /// <summary>A reason to finish; null for one that means the answer went wrong.</summary>
    public static FinishReason? Read(string word, bool calledTool) =>
        word switch
        {
            "MAX_TOKENS" or "CONTINUATION" => FinishReason.Length,
            "SAFETY"
            or "BLOCKLIST"
            or "PROHIBITED_CONTENT"
            or "SPII"
            or "IMAGE_SAFETY"
            or "IMAGE_PROHIBITED_CONTENT"
            or "RECITATION"
            or "IMAGE_RECITATION"
            or "LANGUAGE" => FinishReason.Filtered,
            "MALFORMED_FUNCTION_CALL"
            or "UNEXPECTED_TOOL_CALL"
            or "TOO_MANY_TOOL_CALLS"
            or "MALFORMED_RESPONSE"
            or "NO_IMAGE"
            or "IMAGE_OTHER"
            or "OTHER" => null,
            _ => calledTool ? FinishReason.ToolUse : FinishReason.End,
        };
}

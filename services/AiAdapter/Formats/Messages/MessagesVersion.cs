using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Messages;

/// <summary>The live versions of Anthropic's API, told by the header <c>anthropic-version</c>.</summary>
internal enum MessagesVersion
{
    /// <summary>2023-06-01.</summary>
    First,

    /// <summary>
    /// 2026-10-21: no temperature, top_p and top_k; no document in an assistant's message; no citations in a
    /// user's; answers name every field.
    /// </summary>
    Second,
}

internal static class MessagesVersions
{
    public const string Header = "anthropic-version";

    /// <summary>What is spoken where nobody says a version.</summary>
    public const string Default = "2023-06-01";

    public static string Word(MessagesVersion version) =>
        version == MessagesVersion.Second ? "2026-10-21" : "2023-06-01";

    /// <summary>The version a client asked for; null for one that does not exist.</summary>
    public static MessagesVersion? Read(string? header) =>
        header switch
        {
            null or "" or "2023-06-01" => MessagesVersion.First,
            "2026-10-21" => MessagesVersion.Second,
            _ => null,
        };

    /// <summary>What the second version refuses, in Anthropic's words.</summary>
    public static void Check(RequestFields fields, HubRequest request)
    {
        foreach (var name in (string[])["temperature", "top_p", "top_k"])
        {
            if (fields.Raw(name) is not null)
            {
                fields.Problems.Add(
                    new(name, "Extra inputs are not permitted.", ProblemReason.Invalid)
                );
            }
        }

        foreach (
            var block in request
                .Messages.Where(m => m.Role == Role.Assistant)
                .SelectMany(m => m.Content)
        )
        {
            if (block is DocumentBlock)
            {
                fields.Problems.Add(
                    new(
                        block.At,
                        "A document cannot be in an assistant's message: put it into a user's.",
                        ProblemReason.Invalid
                    )
                );
            }
        }
    }
}

using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Embeddings;

/// <summary>Reads <c>POST /v1/embeddings</c>.</summary>
internal static class EmbeddingRequestReader
{
    /// <returns>The request, or null and its problems.</returns>
    public static (EmbeddingRequest? Request, IReadOnlyList<RequestProblem> Problems) Read(
        ReadOnlyMemory<byte> body
    )
    {
        EmbeddingRequest? found = null;
        var outcome = RequestReading.Read(
            body,
            fields =>
            {
                found = Read(fields, body);
                return new()
                {
                    Model = found.Model,
                    Messages = [],
                    Source = found.Source,
                };
            }
        );
        return outcome is ReadOutcome.Refused refused ? (null, refused.Problems) : (found, []);
    }

    private static EmbeddingRequest Read(RequestFields fields, ReadOnlyMemory<byte> body)
    {
        if (fields.Raw("input") is null)
        {
            fields.Missing("input");
        }
        else if (
            fields.Raw("input") is { ValueKind: JsonValueKind.Array } list
            && list.EnumerateArray()
                .Any(item => item.ValueKind is JsonValueKind.Number or JsonValueKind.Array)
        )
        {
            // They are tokens of one provider's models, and mean nothing at another's.
            fields.Wrong<string>("input", "text: lists of tokens cannot be passed on");
        }

        var inputs = fields.Problems.Count == 0 ? fields.Texts("input") : [];
        if (
            fields.Problems.Count == 0
            && (inputs.Count == 0 || inputs.Any(text => text.Length == 0))
        )
        {
            fields.Wrong<string>("input", "a text that is not empty, or an array of such");
        }

        var base64 = fields.Word("encoding_format", ("float", false), ("base64", true)) ?? false;
        return new(
            fields.Text("model", required: true) ?? "",
            inputs,
            fields.Integer("dimensions", 1),
            base64,
            fields.Text("user"),
            new(FormatNames.Embeddings, body)
        );
    }
}

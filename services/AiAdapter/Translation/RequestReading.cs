using System.Text.Json;
using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>The way every inbound request is read: parse, read all, refuse with all problems or hand on.</summary>
internal static class RequestReading
{
    public static ReadOutcome Read(ReadOnlyMemory<byte> body, Func<RequestFields, HubRequest> read)
    {
        List<RequestProblem> problems = [];
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Refused("The body must be a JSON object.");
            }

            var request = read(new(document.RootElement, "", problems));
            return problems.Count == 0
                ? new ReadOutcome.Read(request)
                : new ReadOutcome.Refused(problems);
        }
        catch (JsonException broken)
        {
            return Refused(
                $"The body is not JSON: error in line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}."
            );
        }

        static ReadOutcome Refused(string message) =>
            new ReadOutcome.Refused([new("", message, ProblemReason.Invalid)]);
    }

    /// <summary>The media type and data of <c>data:image/png;base64,…</c>; null for other addresses.</summary>
    public static Media.Inline? DataUri(string address)
    {
        const string Scheme = "data:";
        const string Encoding = ";base64,";
        if (!address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var at = address.IndexOf(Encoding, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : new(address[Scheme.Length..at], address[(at + Encoding.Length)..]);
    }

    /// <summary>Whether a text is a JSON object: what arguments of a call have to be.</summary>
    public static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

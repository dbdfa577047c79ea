using System.Globalization;
using System.Text.Json;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>Judges bytes before they are read as anything: encoding, syntax, depth.</summary>
internal static class JsonForm
{
    /// <summary>Checks what makes further reading pointless: syntax, encoding, depth.</summary>
    public static bool Check(ReadOnlySpan<byte> json, RequestViolations violations, string root)
    {
        if (json.IsEmpty)
        {
            violations.Add(root, "required", "The body is empty; give a JSON value.");
            return false;
        }

        if (!System.Text.Unicode.Utf8.IsValid(json))
        {
            violations.Add(root, "encoding", "The body is not valid UTF-8.");
            return false;
        }

        // Deeper than the limit by far, so that depth and syntax are told apart.
        var reader = new Utf8JsonReader(json, new() { MaxDepth = RestJson.MaxDepth * 16 });
        try
        {
            while (reader.Read())
            {
                if (
                    reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
                    && reader.CurrentDepth >= RestJson.MaxDepth
                )
                {
                    AddTooDeep(violations, root);
                    return false;
                }

                if (
                    reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                    && reader.ValueIsEscaped
                )
                {
                    // Throws for half a surrogate pair, which no string can hold.
                    reader.GetString();
                }
            }

            return true;
        }
        catch (JsonException e)
        {
            var where = string.Create(
                CultureInfo.InvariantCulture,
                $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"
            );
            violations.Add(root, "syntax", $"This is not JSON: it goes wrong at {where}.");
            return false;
        }
        catch (InvalidOperationException)
        {
            violations.Add(
                root,
                "encoding",
                $"The string that starts at byte {reader.TokenStartIndex + 1} holds half a surrogate pair."
            );
            return false;
        }
    }

    private static void AddTooDeep(RequestViolations violations, string root) =>
        violations.Add(
            root,
            "depth",
            $"The value is nested deeper than {RestJson.MaxDepth} levels."
        );
}

using System.Globalization;
using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Wire;

/// <summary>
/// Reads requests as no server should: lines that end in LF alone, folded fields, names with spaces, tabs or underscores,
/// lengths with signs and prefixes, chunks without their ends. What a gateway lets through, it turns into a request.
/// </summary>
internal ref struct LenientParser(ReadOnlySpan<byte> bytes, Leniency how)
{
    private static readonly char[] Blanks = [' ', '\t', '\v', '\f', '\0', '\u00a0'];
    private static readonly char[] Quotes = [.. Blanks, '"', '\''];

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>All requests in what came on a connection, the last perhaps incomplete.</summary>
    public static List<SeenRequest> ReadAll(ReadOnlySpan<byte> bytes, Leniency how)
    {
        var all = new List<SeenRequest>();
        while (!bytes.IsEmpty && Read(bytes, how) is { } request)
        {
            all.Add(request);
            bytes = bytes[request.Raw.Length..];
        }

        return all;
    }

    /// <returns>Null while the head is not there.</returns>
    public static SeenRequest? Read(ReadOnlySpan<byte> bytes, Leniency how) =>
        new LenientParser(bytes, how).Read();

    private SeenRequest? Read()
    {
        while (
            _at < _bytes.Length
            && _bytes[_at] is 0 or (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t'
        )
        {
            _at++;
        }

        if (!TryReadLine(out var line) || ReadFields() is not { } fields)
        {
            return null;
        }

        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var head = new SeenRequest(
            words.ElementAtOrDefault(0) ?? "",
            words.ElementAtOrDefault(1) ?? "",
            fields,
            [],
            [],
            [],
            false
        );
        var length = LengthOf(fields);
        var isChunked = IsChunked(fields) && !(how.LengthWins && length is not null);
        var (body, trailers, isComplete) = isChunked ? ReadChunks() : ReadLength(length ?? 0);
        return head with
        {
            Body = body,
            Trailers = trailers,
            Raw = _bytes[.._at].ToArray(),
            IsComplete = isComplete,
        };
    }

    private (byte[], List<(string, string)>, bool) ReadLength(long length)
    {
        var there = (int)Math.Min(length, _bytes.Length - _at);
        var body = _bytes.Slice(_at, there).ToArray();
        _at += there;
        return (body, [], there == length);
    }

    private (byte[], List<(string, string)>, bool) ReadChunks()
    {
        var body = new List<byte>();
        while (TryReadLine(out var line))
        {
            var size = Number(line, hex: true) ?? 0;
            if (size == 0)
            {
                return ReadFields() is { } trailers ? ([.. body], trailers, true) : End(body);
            }

            var there = (int)Math.Min(size, _bytes.Length - _at);
            body.AddRange(_bytes.Slice(_at, there));
            _at += there;
            if (there < size)
            {
                break;
            }

            SkipLineEnd();
        }

        return End(body);
    }

    private (byte[], List<(string, string)>, bool) End(List<byte> body)
    {
        _at = _bytes.Length;
        return ([.. body], [], false);
    }

    private void SkipLineEnd()
    {
        if (_at < _bytes.Length && _bytes[_at] == '\r')
        {
            _at++;
        }

        if (_at < _bytes.Length && _bytes[_at] == '\n')
        {
            _at++;
        }
    }

    private List<(string Name, string Value)>? ReadFields()
    {
        var fields = new List<(string Name, string Value)>();
        while (TryReadLine(out var line))
        {
            if (line.Length == 0)
            {
                return fields;
            }

            if (line[0] is ' ' or '\t' && fields.Count > 0)
            {
                fields[^1] = (fields[^1].Name, fields[^1].Value + line);
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? line : line[..colon];
            fields.Add(
                (
                    name.Trim(Blanks).Replace('_', '-').ToLowerInvariant(),
                    colon < 0 ? "" : line[(colon + 1)..].Trim(Quotes)
                )
            );
        }

        return null;
    }

    private bool TryReadLine(out string line)
    {
        var rest = _bytes[_at..];
        var end = how.BareReturns
            ? rest.IndexOfAny((byte)'\r', (byte)'\n')
            : rest.IndexOf((byte)'\n');
        line = "";
        if (end < 0)
        {
            return false;
        }

        line = Encoding.Latin1.GetString(rest[..end]).TrimEnd('\r');
        _at += end;
        SkipLineEnd();
        return true;
    }

    private readonly long? LengthOf(List<(string Name, string Value)> fields)
    {
        var lengths = fields
            .Where(f => f.Name == "content-length")
            .SelectMany(f => f.Value.Split([',', ' ', ';']))
            .Select(v => Number(v, hex: false))
            .OfType<long>()
            .ToList();
        return lengths.Count == 0 ? null
            : how.LastLength ? lengths[^1]
            : lengths[0];
    }

    private readonly bool IsChunked(List<(string Name, string Value)> fields)
    {
        var exact = how.ExactCoding;
        return fields.Exists(f =>
            f.Name == "transfer-encoding"
            && (
                exact
                    ? f.Value.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                    : f.Value.Contains("chunked", StringComparison.OrdinalIgnoreCase)
            )
        );
    }

    // The digits that there are, after whatever else; 31 bits of them.
    private static long? Number(string text, bool hex)
    {
        text = text.Trim(Quotes).TrimStart('+', '-');
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            (text, hex) = (text[2..], true);
        }

        var digits = string.Concat(
            text.TakeWhile(c => hex ? char.IsAsciiHexDigit(c) : char.IsAsciiDigit(c)).TakeLast(7)
        );
        return digits.Length == 0
            ? null
            : long.Parse(
                digits,
                hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
                CultureInfo.InvariantCulture
            );
    }
}

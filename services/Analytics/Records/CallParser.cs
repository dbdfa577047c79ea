using ApiSvc.Analytics.Texts;

namespace ApiSvc.Analytics.Records;

/// <summary>
/// Reads one <c>apisvc.call_records.v1.CallRecord</c>. By hand, because this is done for every call there is: texts that
/// repeat are found in the dictionary by their bytes and no string is made.
/// </summary>
internal sealed class CallParser(TextDictionary texts)
{
    private const int LongestInline = 8192;

    // A petabyte: sums of nonsense must not overflow.
    private const long MostBytes = 1L << 50;

    /// <param name="message">The record's bytes; the result keeps slices of them.</param>
    /// <param name="fault">What is wrong, in a sentence; null with a result.</param>
    public ParsedCall? Parse(ReadOnlyMemory<byte> message, out string? fault)
    {
        var call = new ParsedCall { Payload = message };
        var span = message.Span;
        var reader = new WireReader(span);
        fault = null;
        while (reader.Next(out var field, out var type))
        {
            switch (type)
            {
                case WireType.Varint when IsNumber(field):
                    SetNumber(call, field, reader.Varint());
                    break;
                case WireType.Bytes when IsId(field):
                    if (!SetId(call, field, span[reader.Bytes()]) && !reader.Failed)
                    {
                        fault = $"Field {field} is no UUID of 16 bytes.";
                        return null;
                    }

                    break;
                case WireType.Bytes when IsText(field):
                    SetText(call, field, span[reader.Bytes()]);
                    break;
                case WireType.Bytes when IsInline(field):
                    SetInline(call, field, message[reader.Bytes()]);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        fault = reader.Failed ? $"It breaks off or is malformed at byte {reader.At}." : Judge(call);
        return fault is null ? call : null;
    }

    private static string? Judge(ParsedCall call)
    {
        if (call.Id == Guid.Empty)
        {
            return "It has no call_id.";
        }

        if (call.Status is < 0 or > 999)
        {
            return "Its status is none of HTTP's.";
        }

        return call.StartUs <= 0 ? "It has no start_us." : null;
    }

    private static bool IsNumber(int field) => field is >= 2 and <= 8 or 19 or 23 or 26 or 36 or 37;

    private static bool IsId(int field) =>
        field is 1 or (>= 9 and <= 13) or (>= 20 and <= 22) or 38;

    private static bool IsText(int field) =>
        field is (>= 16 and <= 18) or 24 or 27 or 28 or (>= 30 and <= 35);

    private static bool IsInline(int field) => field is 14 or 15 or 25 or 29 or 39 or 40;

    // uint32 keeps the low bits, as every reader of Protobuf does; what is a bigint in SQL must fit one.
    private static void SetNumber(ParsedCall call, int field, ulong value)
    {
        var number = (long)Math.Min(value, long.MaxValue);
        var word = (uint)value;
        switch (field)
        {
            case 2:
                call.StartUs = number;
                break;
            case 3:
                call.Status = word > 999 ? 1000 : (int)word;
                break;
            case 4:
                call.LatencyUs = word;
                break;
            case 5:
                call.UpstreamUs = word;
                break;
            case 6:
                call.GatewayUs = word;
                break;
            case 7:
                call.BytesIn = Math.Min(number, MostBytes);
                break;
            case 8:
                call.BytesOut = Math.Min(number, MostBytes);
                break;
            case 19:
                call.ConfigGeneration = number;
                break;
            case 23:
                call.CredentialKind = (short)Math.Min(word, short.MaxValue);
                break;
            case 26:
                call.Protocol = (short)Math.Min(word, short.MaxValue);
                break;
            case 36:
                call.UpstreamTries = (int)Math.Min(word, int.MaxValue);
                break;
            default:
                call.CacheStatus = (short)Math.Min(word, short.MaxValue);
                break;
        }
    }

    private static bool SetId(ParsedCall call, int field, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is not (0 or 16))
        {
            return false;
        }

        var id = bytes.IsEmpty ? Guid.Empty : new Guid(bytes, bigEndian: true);
        switch (field)
        {
            case 1:
                call.Id = id;
                break;
            case 9:
                call.ApiId = id;
                break;
            case 10:
                call.VersionId = id;
                break;
            case 11:
                call.OperationId = id;
                break;
            case 12:
                call.ApplicationId = id;
                break;
            case 13:
                call.SubscriptionId = id;
                break;
            case 20:
                call.ProviderTeam = id;
                break;
            case 21:
                call.ConsumerTeam = id;
                break;
            case 22:
                call.PlanId = id;
                break;
            default:
                call.TraceId = id;
                break;
        }

        return true;
    }

    private void SetText(ParsedCall call, int field, ReadOnlySpan<byte> utf8)
    {
        var entry = texts.Find(utf8);
        switch (field)
        {
            case 16:
                call.Node = entry;
                break;
            case 17:
                call.GatewayGroup = entry;
                break;
            case 18:
                call.Environment = entry;
                break;
            case 24:
                call.CredentialPrefix = entry;
                break;
            case 27:
                call.Method = entry;
                break;
            case 28:
                call.Host = entry;
                break;
            case 30:
                call.UserAgent = entry;
                break;
            case 31:
                call.OperationName = entry;
                break;
            case 32:
                call.OperationTemplate = entry;
                break;
            case 33:
                call.Problem = entry;
                break;
            case 34:
                call.RefusedBy = entry;
                break;
            default:
                call.UpstreamAddress = entry;
                break;
        }
    }

    private static void SetInline(ParsedCall call, int field, ReadOnlyMemory<byte> bytes)
    {
        switch (field)
        {
            case 14:
                call.Path = Cut(bytes);
                break;
            case 15:
                call.ClientAddress = Cut(bytes);
                break;
            case 25:
                call.User = Cut(bytes);
                break;
            case 29:
                call.Query = Cut(bytes);
                break;
            case 39:
                call.CapturedRequest = bytes;
                break;
            default:
                call.CapturedResponse = bytes;
                break;
        }
    }

    // Half a character at the end becomes the replacement character.
    private static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> utf8) =>
        StoredText.Fit(utf8.Length <= LongestInline ? utf8 : utf8[..LongestInline]);
}

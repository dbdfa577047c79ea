using System.Globalization;
using System.Net;
using System.Text;
using ApiSvc.AppHost.Tests.Calls;
using ApiSvc.AppHost.Tests.Documents.Samples;

namespace ApiSvc.AppHost.Tests.Documents;

/// <summary>
/// Calls operations through the gateway, and compares what the client sent with what the upstream saw, and what the
/// upstream answered with what the client got.
/// </summary>
internal sealed class DocumentCalls(
    Door door,
    RecordingUpstream upstream,
    string basePath,
    string key
)
{
    /// <summary>Of the upstream's address: it goes before each path.</summary>
    public const string Prefix = "/behind/it";

    private const string CallId = "x-request-id";

    // What the gateway says itself: where the call came from, its id, and to which trace it belongs.
    private static readonly string[] Own =
    [
        CallId,
        "host",
        "via",
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "traceparent",
    ];

    // Of one connection only (RFC 9112 section 6).
    private static readonly string[] Framing =
    [
        "transfer-encoding",
        "content-length",
        "connection",
    ];

    private static readonly (string Name, string Value)[] Common =
    [
        ("User-Agent", "documents/1.0 (test)"),
        ("Accept", "application/json;q=0.9, */*"),
        ("X-Bytes", "caf\u00e9"),
        ("X-Twice", "one"),
        ("X-Twice", "two"),
    ];

    private int _calls;

    /// <returns>What was not as it should be; empty where all was.</returns>
    public async Task<List<string>> CallAsync(HttpClient client, SampleRequest request)
    {
        var number = _calls++;
        var answer = AnswerOf(request, number);
        upstream.Answer = answer;
        using var message = MessageOf(client, request, number);
        using var response = await client.SendAsync(message);
        var body = await response.Content.ReadAsByteArrayAsync();
        return
        [
            .. Requests(request, upstream.Take())
                .Concat(Answers(request, answer, response, body))
                .Select(wrong =>
                    $"{request.Operation.Method} {request.Operation.Path} over {client.DefaultRequestVersion}: {wrong}"
                ),
        ];
    }

    private HttpRequestMessage MessageOf(HttpClient client, SampleRequest request, int number)
    {
        var message = new HttpRequestMessage(
            new HttpMethod(request.Operation.Method),
            // As it is written: the usual way would decode and encode.
            new Uri(
                $"{door.Address.GetLeftPart(UriPartial.Authority)}{basePath}{request.Target}",
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
            )
        )
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Headers.Add("x-api-key", key);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            message.Headers.TransferEncodingChunked =
                number % 2 == 1 && client.DefaultRequestVersion == HttpVersion.Version11;
        }

        foreach (var (name, value) in FieldsOf(request))
        {
            // The platform keeps some fields with the body.
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content!.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue(name);
            }
        }

        return message;
    }

    // A document may ask for one of the common ones itself; those of the framing are made by the body.
    private static IEnumerable<(string Name, string Value)> FieldsOf(SampleRequest request)
    {
        var own = request.Fields.Where(f => !IsOneOf(Framing, f.Name)).ToList();
        var common = Common.Where(c => !IsOneOf([.. own.Select(f => f.Name)], c.Name));
        var type = request.Body is null ? [] : new[] { ("Content-Type", request.MediaType) };
        return common.Concat(own).Concat(type);
    }

    private static bool IsOneOf(string[] names, string name) =>
        names.Contains(name, StringComparer.OrdinalIgnoreCase);

    // One of the statuses that the document has for the operation, each in turn.
    private static UpstreamAnswer AnswerOf(SampleRequest request, int number)
    {
        var statuses = request
            .Operation.Statuses.Select(StatusOf)
            .Where(s => s is >= 200 and < 600)
            .ToList();
        var status = statuses.Count == 0 ? 200 : statuses[number % statuses.Count];
        return new(
            status,
            [
                ("Date", "Wed, 25 Nov 2026 22:39:44 GMT"),
                ("Server", "recording/1"),
                ("Content-Type", "application/json; charset=utf-8; profile=\"a;b\""),
                ("ETag", "W/\"7\""),
                ("Location", (number % 2 == 0 ? Prefix : "") + "/else/where?x=%2f"),
                ("Set-Cookie", "a=1; Path=/"),
                ("Set-Cookie", "b=2; Secure"),
                ("X-Bytes", "na\u00efve"),
                ("X-Answer", number.ToString(CultureInfo.InvariantCulture)),
            ],
            [.. Enumerable.Range(0, number % 3 * 40_000 + 17).Select(i => (byte)(i + number))],
            IsChunked: number % 2 == 0
        );
    }

    private static int StatusOf(string status) =>
        status switch
        {
            "default" => 200,
            [var first, 'X' or 'x', 'X' or 'x'] => ((first - '0') * 100) + 18,
            _ => int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                ? code
                : 0,
        };

    private IEnumerable<string> Requests(SampleRequest sent, List<RawMessage> seen)
    {
        if (seen is not [var only])
        {
            yield return $"The upstream saw {seen.Count} requests instead of one.";
            yield break;
        }

        var line = $"{sent.Operation.Method} {Prefix}{sent.Target} HTTP/1.1";
        if (only.Line != line)
        {
            yield return $"The upstream saw '{only.Line}' instead of '{line}'.";
        }

        var passed = only.Fields.Where(f => !IsOneOf(Own, f.Name));
        foreach (var wrong in Differences(FieldsOf(sent), passed))
        {
            yield return $"The upstream saw {wrong}";
        }

        var host = only
            .Fields.Where(f => f.Name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            .Select(f => f.Value);
        if (!host.SequenceEqual([upstream.Authority]))
        {
            yield return $"The upstream saw the host {string.Join(", ", host)}.";
        }

        if (!only.Body.AsSpan().SequenceEqual(sent.Body))
        {
            yield return $"The upstream saw a body of {only.Body.Length} bytes that is not the one of {sent.Body?.Length ?? 0}.";
        }
    }

    private IEnumerable<string> Answers(
        SampleRequest request,
        UpstreamAnswer told,
        HttpResponseMessage response,
        byte[] body
    )
    {
        if ((int)response.StatusCode != told.Status)
        {
            yield return $"The client got {(int)response.StatusCode} instead of {told.Status}: {Encoding.UTF8.GetString(body)}";
            yield break;
        }

        var got = response
            .Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Where(f => !f.Key.Equals(CallId, StringComparison.OrdinalIgnoreCase))
            .SelectMany(f => f.Value.Select(value => (f.Key, value)));
        if (!response.Headers.Contains(CallId))
        {
            yield return "The client got no id of the call.";
        }

        foreach (var wrong in Differences(told.Fields.Select(AtTheGateway), got))
        {
            yield return $"The client got {wrong}";
        }

        byte[] expected = told.HasBody && request.Operation.Method != "HEAD" ? told.Body : [];
        if (!body.AsSpan().SequenceEqual(expected))
        {
            yield return $"The client got a body of {body.Length} bytes that is not the one of {expected.Length}.";
        }
    }

    // An address below the upstream's is one below the API's to the client.
    private (string Name, string Value) AtTheGateway((string Name, string Value) field) =>
        field.Name == "Location" && field.Value.StartsWith(Prefix, StringComparison.Ordinal)
            ? (field.Name, basePath + field.Value[Prefix.Length..])
            : field;

    // Lines of one name are one list (RFC 9110 section 5.2), but for cookies.
    private static IEnumerable<string> Differences(
        IEnumerable<(string Name, string Value)> expected,
        IEnumerable<(string Name, string Value)> actual
    )
    {
        var right = Lists(expected);
        var seen = Lists(actual);
        return right
            .Keys.Union(seen.Keys)
            .Where(name => right.GetValueOrDefault(name) != seen.GetValueOrDefault(name))
            .Select(name =>
                $"{name}: '{seen.GetValueOrDefault(name)}' instead of '{right.GetValueOrDefault(name)}'."
            );
    }

    private static Dictionary<string, string> Lists(
        IEnumerable<(string Name, string Value)> fields
    ) =>
        fields
            .GroupBy(f => f.Name.ToLowerInvariant(), f => f.Value)
            .Where(f => !Framing.Contains(f.Key))
            .ToDictionary(f => f.Key, f => string.Join(", ", f));
}

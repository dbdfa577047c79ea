using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.AiAdapter.Providers;

/// <summary>
/// AWS Signature Version 4 (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)
/// for requests whose body is at hand.
/// </summary>
internal static class SigV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The headers to add: date, session token if there is one, and the signature.</summary>
    /// <param name="address">Its path as it is sent: escaped once.</param>
    /// <param name="headers">Other headers to sign.</param>
    /// <param name="escapeTwice">Every service but S3 signs the path escaped once more.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Sign(
        string method,
        Uri address,
        ReadOnlySpan<byte> body,
        Credential credential,
        SigningScope scope,
        IEnumerable<KeyValuePair<string, string>> headers,
        bool escapeTwice = true
    )
    {
        var time = scope.Time.UtcDateTime.ToString(
            "yyyyMMdd'T'HHmmss'Z'",
            CultureInfo.InvariantCulture
        );
        List<KeyValuePair<string, string>> added = [new("X-Amz-Date", time)];
        if (credential.Session is { } session)
        {
            added.Add(new("X-Amz-Security-Token", session));
        }

        var signed = headers
            .Concat(added)
            .Append(new("host", address.IsDefaultPort ? address.Host : address.Authority))
            .GroupBy(header => header.Key.ToLowerInvariant(), StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group =>
                (group.Key, Value: string.Join(',', group.Select(header => Trim(header.Value))))
            )
            .ToList();
        var names = string.Join(';', signed.Select(header => header.Key));
        var canonical = string.Join(
            '\n',
            method,
            Path(address, escapeTwice),
            Query(address),
            string.Concat(signed.Select(header => $"{header.Key}:{header.Value}\n")),
            names,
            Convert.ToHexStringLower(SHA256.HashData(body))
        );
        var day = time[..8];
        var place = $"{day}/{scope.Region}/{scope.Service}/aws4_request";
        var text = string.Join(
            '\n',
            Algorithm,
            time,
            place,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))
        );
        var signature = Convert.ToHexStringLower(Hmac(Key(credential.Secret, day, scope), text));
        added.Add(
            new(
                "Authorization",
                $"{Algorithm} Credential={credential.AccessKey}/{place}, SignedHeaders={names}, Signature={signature}"
            )
        );
        return added;
    }

    private static byte[] Key(string secret, string day, SigningScope scope)
    {
        var key = Hmac(Encoding.UTF8.GetBytes("AWS4" + secret), day);
        key = Hmac(key, scope.Region);
        key = Hmac(key, scope.Service);
        return Hmac(key, "aws4_request");
    }

    private static byte[] Hmac(byte[] key, string text) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Path(Uri address, bool escapeTwice)
    {
        var path = address.AbsolutePath;
        return escapeTwice ? string.Join('/', path.Split('/').Select(Escape)) : path;
    }

    private static string Query(Uri address)
    {
        var parts = address
            .Query.TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(part =>
            {
                var at = part.IndexOf('=', StringComparison.Ordinal);
                var name = at < 0 ? part : part[..at];
                var value = at < 0 ? "" : part[(at + 1)..];
                return (
                    Name: Escape(Uri.UnescapeDataString(name)),
                    Value: Escape(Uri.UnescapeDataString(value))
                );
            })
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}");
        return string.Join('&', parts);
    }

    // RFC 3986 with the unreserved characters left alone, as EscapeDataString does.
    private static string Escape(string text) => Uri.EscapeDataString(text);

    private static string Trim(string value) =>
        string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

internal sealed record SigningScope(string Region, string Service, DateTimeOffset Time);

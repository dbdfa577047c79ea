using System.Text.Json;
using System.Text.RegularExpressions;
using ApiSvc.AppHost.Tests.Documents.Plain;

namespace ApiSvc.AppHost.Tests.Documents.Samples;

/// <summary>Texts that a schema allows, each time another one where it leaves the choice.</summary>
/// <param name="place">Where they stand: some places have room for some characters only.</param>
internal sealed class SampleTexts(string place)
{
    // Most have to be encoded in an address; none has a slash, which a path does not have inside a segment.
    private static readonly string[] Words =
    [
        "größe 7",
        "a+b=c",
        "100 %",
        "x:y@z",
        "it's (fine)",
        "Ωμέγα",
        "plain-text_1.0~",
        "a;b,c",
        "q?&#",
    ];

    private static readonly string[] FieldWords = ["plain-1", "b.2_c", "Q7~x"];

    private static readonly string[] Guesses =
    [
        "abc",
        "1",
        "a.json",
        "a1b2c3d4e5f60718293a4b5c",
        "2026-11-25",
        "2026-11-25T22:39:44Z",
        "5f0c2f0e-8d0a-4c0e-9a51-0d9a4e1b7c33",
        "user@example.com",
    ];

    private readonly string[] _words = place is "header" or "cookie" ? FieldWords : Words;
    private int _made;

    public bool TryMake(JsonElement schema, out string text)
    {
        text = Format(schema.TextOf("format")) ?? _words[_made++ % _words.Length];
        if (schema.TextOf("pattern") is { Length: > 0 } pattern)
        {
            string[] given = [text, schema.TextOf("example"), schema.TextOf("default")];
            text = given.Concat(Guesses).FirstOrDefault(t => Matches(t, pattern)) ?? "";
        }
        else if (schema.TextOf("format").Length == 0)
        {
            text = Fit(text, schema);
        }

        return text.Length > 0
            && text.Length >= (schema.NumberOf("minLength") ?? 0)
            && text.Length <= (schema.NumberOf("maxLength") ?? int.MaxValue)
            && !(place == "path" && (text.AsSpan().ContainsAny("/\\") || text is "." or ".."));
    }

    private static string? Format(string format) =>
        format switch
        {
            "date-time" => "2026-11-25T22:39:44Z",
            "date" => "2026-11-25",
            "time" => "22:39:44Z",
            "uuid" => "5f0c2f0e-8d0a-4c0e-9a51-0d9a4e1b7c33",
            "email" => "user@example.com",
            "uri" or "url" => "https://example.com/a?b=c",
            "hostname" => "host.example.com",
            "ipv4" or "ip" => "192.0.2.7",
            "ipv6" => "2001:db8::7",
            "byte" => "AAH/gA==",
            "duration" => "PT5M",
            "" or "binary" or "password" => null,
            _ => "abc",
        };

    private static string Fit(string text, JsonElement schema)
    {
        var shortest = (int)(schema.NumberOf("minLength") ?? 0);
        var longest = (int)Math.Min(schema.NumberOf("maxLength") ?? int.MaxValue, int.MaxValue);
        text = text.PadRight(shortest, 'x');
        return text.Length > longest ? text[..longest].Trim() : text;
    }

    private static bool Matches(string text, string pattern)
    {
        try
        {
            return text.Length > 0
                && Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException)
        {
            // Another dialect than .NET's: no text is known to match.
            return false;
        }
    }
}

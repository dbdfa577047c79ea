using System.Text;
using System.Text.Unicode;

namespace ApiSvc.Analytics.Texts;

/// <summary>Makes texts of clients fit to be stored: Postgres takes neither broken UTF-8 nor the character U+0000.</summary>
internal static class StoredText
{
    private const char Replacement = '\uFFFD';

    public static bool IsFit(ReadOnlySpan<byte> utf8) =>
        !utf8.Contains((byte)0) && Utf8.IsValid(utf8);

    /// <summary>The same bytes where they are fit.</summary>
    public static ReadOnlyMemory<byte> Fit(ReadOnlyMemory<byte> utf8) =>
        IsFit(utf8.Span) ? utf8 : Encoding.UTF8.GetBytes(Text(utf8.Span));

    public static string Text(ReadOnlySpan<byte> utf8) =>
        Encoding.UTF8.GetString(utf8).Replace('\0', Replacement);
}

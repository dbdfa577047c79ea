using System.Text.RegularExpressions;

namespace KafkaBroker.Storage;

/// <summary>What a topic may be called: safe as a folder's name too.</summary>
internal static partial class TopicName
{
    private const int MaxLength = 249;

    public static bool IsLegal(string name) =>
        name.Length is > 0 and <= MaxLength && name is not ("." or "..") && Pattern().IsMatch(name);

    [GeneratedRegex(@"\A[a-zA-Z0-9._-]+\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}

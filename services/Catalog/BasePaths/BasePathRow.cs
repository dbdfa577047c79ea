using System.Text.RegularExpressions;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Catalog.BasePaths;

/// <summary>A row of the table <c>base_path</c>.</summary>
internal sealed record BasePathRow
{
    public Guid Id { get; init; }

    public string Host { get; init; } = "";

    public string Path { get; init; } = "";

    public Guid ApiId { get; init; }

    public Guid TeamId { get; init; }

    public bool Approved { get; init; }

    public string Reason { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public BasePathDocument ToDocument() =>
        new(new(Id), Host, Path, new(ApiId), new(TeamId), Approved, Reason, CreatedAt);
}

/// <summary>A base path of an API.</summary>
/// <param name="Host">Empty for any.</param>
/// <param name="Reason">Why it needs approval; empty where it needs none.</param>
internal sealed record BasePathDocument(
    Id<BasePathKind> Id,
    string Host,
    string Path,
    Id<ApiKind> ApiId,
    Id<TeamKind> TeamId,
    bool Approved,
    string Reason,
    DateTimeOffset CreatedAt
);

/// <summary>The forms of base paths and hosts.</summary>
internal static partial class BasePathForm
{
    private const int MaxPath = 200;

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static string? FindFault(string path)
    {
        if (path.Length > MaxPath || !Path().IsMatch(path))
        {
            return $"Must be segments of letters, digits, '.', '_', '~' and '-', each after a '/', and no '/' at the end; at most {MaxPath} characters.";
        }

        var segments = path[1..].Split('/');
        if (segments.Any(s => s is "." or ".."))
        {
            return "No segment may be '.' or '..'.";
        }

        return segments[0] is "apisvc" or ".well-known"
            ? $"/{segments[0]} is the gateway's own."
            : null;
    }

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static string? FindHostFault(string host) =>
        host.Length == 0 || (host.Length <= 253 && Host().IsMatch(host))
            ? null
            : "Must be a host name in small letters, without a port, or empty for any.";

    [GeneratedRegex(
        "^(?:/[A-Za-z0-9._~-]{1,63}){1,8}$",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Path();

    [GeneratedRegex(
        "^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Host();
}

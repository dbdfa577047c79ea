using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ApiSvc.ServiceDefaults.Preconditions;

/// <summary>The value of <c>If-Match</c> or <c>If-None-Match</c>: <c>*</c> or a list of tags.</summary>
internal sealed record TagList(bool Any, IReadOnlyList<EntityTagHeaderValue> Tags)
{
    /// <returns>Null if the header has another form.</returns>
    public static TagList? Parse(StringValues header)
    {
        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags) || tags.Count == 0)
        {
            return null;
        }

        // The parser takes '*' for a tag, also inside a list, where it means nothing.
        var any = tags.Any(tag => tag.Tag == "*");
        return any && tags.Count > 1 ? null : new(any, [.. tags]);
    }

    /// <summary>Strong comparison (RFC 9110 section 8.8.3.2): a weak tag equals nothing.</summary>
    public bool MatchesStrongly(EntityTag current) =>
        Any || Tags.Any(tag => !tag.IsWeak && tag.Tag == current.ToString());

    /// <summary>Weak comparison: the marks do not count.</summary>
    public bool MatchesWeakly(EntityTag current) =>
        Any || Tags.Any(tag => tag.Tag == current.ToString());
}

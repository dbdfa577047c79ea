using System.Text;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace ApiSvc.ServiceDefaults.Paging;

/// <summary>The query parameters of a list.</summary>
internal static class PageQuery
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    public static RequestParameter[] Parameters { get; } =
    [
        new(RequestParameterPlace.Query, "limit", typeof(int))
        {
            Description = "How many items a page has at most.",
            Minimum = 1,
            Maximum = MaxLimit,
            Default = DefaultLimit,
        },
        new(RequestParameterPlace.Query, "cursor", typeof(string))
        {
            Description = "The nextCursor of the page before; the filters must be the same.",
        },
    ];

    /// <summary>What a cursor is bound to: the path as it is and the filters, in any order of their names.</summary>
    public static string NameOfList(HttpRequest request)
    {
        var name = new StringBuilder().Append(request.Path.ToUriComponent());
        foreach (var (key, values) in Filters(request).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            foreach (var value in values)
            {
                name.Append('&')
                    .Append(Uri.EscapeDataString(key))
                    .Append('=')
                    .Append(Uri.EscapeDataString(value ?? ""));
            }
        }

        return name.ToString();
    }

    /// <summary>What a cursor of a gRPC list is bound to.</summary>
    public static string NameOfList(string method, ReadOnlySpan<string> filters)
    {
        var name = new StringBuilder(method);
        foreach (var filter in filters)
        {
            name.Append('&').Append(Uri.EscapeDataString(filter));
        }

        return name.ToString();
    }

    /// <summary>
    /// The next page as a relative reference of the query alone (RFC 3986 section 5.2): right under whatever path
    /// the client knows this list.
    /// </summary>
    public static string NextLink(HttpRequest request, string cursor)
    {
        var query = new QueryBuilder(Filters(request));
        if (request.Query["limit"] is [{ } limit])
        {
            query.Add("limit", limit);
        }

        query.Add("cursor", cursor);
        return $"<{query}>; rel=\"next\"";
    }

    private static IEnumerable<
        KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>
    > Filters(HttpRequest request) =>
        request
            .Query.Where(q =>
                !q.Key.Equals("cursor", StringComparison.OrdinalIgnoreCase)
                && !q.Key.Equals("limit", StringComparison.OrdinalIgnoreCase)
            )
            .Select(q => KeyValuePair.Create(q.Key.ToLowerInvariant(), q.Value));
}

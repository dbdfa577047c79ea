using System.Globalization;
using System.Reflection;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.ServiceDefaults.Paging;

/// <summary>
/// A list handler's parameter: <c>limit</c> (1 to 200, 50 unless given) and <c>cursor</c>. The list is read by
/// keyset: <c>where (created, id) &gt; @after order by created, id limit @fetch</c>. A cursor belongs to the path
/// and the filters it was made for, and with them to the team where one of them names it; any other cursor is a
/// violation at <c>query:cursor</c>.
/// </summary>
/// <typeparam name="TKey">
/// What the list is ordered by, unique with its last part: <c>Guid</c>, <c>long</c>, <c>DateTimeOffset</c>, or a
/// value tuple of these and <c>string</c>.
/// </typeparam>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design",
    "CA1000:Do not declare static members on generic types",
    Justification = "Binding is static by the framework's contract."
)]
public sealed class PageRequest<TKey> : IEndpointParameterMetadataProvider
    where TKey : struct
{
    private readonly HttpContext? _context;
    private readonly CursorSigner _signer;
    private readonly string _list;

    private PageRequest(CursorSigner signer, string list, int limit, TKey? after)
    {
        _signer = signer;
        _list = list;
        Limit = limit;
        After = after;
    }

    private PageRequest(HttpContext context, int limit, TKey? after)
        : this(
            context.RequestServices.GetRequiredService<CursorSigner>(),
            PageQuery.NameOfList(context.Request),
            limit,
            after
        ) => _context = context;

    /// <summary>How many items a page has at most.</summary>
    public int Limit { get; }

    /// <summary>The key of the last item of the page before; null on the first page.</summary>
    public TKey? After { get; }

    /// <summary>How many rows to read: one more than a page has tells whether there is a next.</summary>
    public int Fetch => Limit + 1;

    /// <summary>Makes the page, and the header <c>Link</c> with the next one (RFC 8288).</summary>
    /// <param name="rows">Up to <see cref="Fetch"/> rows, in the list's order.</param>
    /// <param name="key">A row's key.</param>
    /// <param name="item">What is shown of a row.</param>
    public Page<TItem> ToPage<TRow, TItem>(
        IReadOnlyList<TRow> rows,
        Func<TRow, TKey> key,
        Func<TRow, TItem> item
    )
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(key);
        if (rows.Count <= Limit)
        {
            return new([.. rows.Select(item)], NextCursor: null);
        }

        var next = _signer.Sign(_list, KeysetCodec<TKey>.Write(key(rows[Limit - 1])));
        _context?.Response.Headers.Append("Link", PageQuery.NextLink(_context.Request, next));
        return new([.. rows.Take(Limit).Select(item)], next);
    }

    /// <summary>Makes the page of a list that knows by itself where the next one begins, and the header <c>Link</c>.</summary>
    /// <param name="items">At most <see cref="Limit"/>; less than that, or none, where reading stopped early.</param>
    /// <param name="next">The key after which to go on; null on the last page.</param>
    public Page<TItem> ToPage<TItem>(IReadOnlyList<TItem> items, TKey? next)
    {
        if (next is not { } key)
        {
            return new(items, NextCursor: null);
        }

        var cursor = _signer.Sign(_list, KeysetCodec<TKey>.Write(key));
        _context?.Response.Headers.Append("Link", PageQuery.NextLink(_context.Request, cursor));
        return new(items, cursor);
    }

    /// <summary>The page that a gRPC list's message asks for.</summary>
    /// <param name="call">The call, whose method the cursor is bound to.</param>
    /// <param name="limit">1 to 200; 0 means 50.</param>
    /// <param name="cursor">From the answer before; empty for the first page.</param>
    /// <param name="filters">What the cursor is bound to besides, in the order of the message's fields.</param>
    /// <exception cref="ApiProblemException">All that is wrong with limit and cursor.</exception>
    public static PageRequest<TKey> ForCall(
        ServerCallContext call,
        uint limit,
        string cursor,
        params ReadOnlySpan<string> filters
    )
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(cursor);
        var signer = call.GetHttpContext().RequestServices.GetRequiredService<CursorSigner>();
        var list = PageQuery.NameOfList(call.Method, filters);
        var errors = new List<Violation>();
        TKey? after = null;
        if (limit > PageQuery.MaxLimit)
        {
            errors.Add(
                new("#/limit", "range", $"Must be a whole number from 1 to {PageQuery.MaxLimit}.")
            );
        }

        if (cursor.Length > 0)
        {
            if (
                signer.Open(list, cursor) is { } keyset
                && KeysetCodec<TKey>.TryRead(keyset, out var read)
            )
            {
                after = read;
            }
            else
            {
                errors.Add(
                    new(
                        "#/cursor",
                        "invalid_cursor",
                        "Must be the next_cursor of a page of this list with the same filters."
                    )
                );
            }
        }

        return errors.Count == 0
            ? new(signer, list, limit == 0 ? PageQuery.DefaultLimit : (int)limit, after)
            : throw new ApiProblemException(ApiProblem.Invalid(errors));
    }

    /// <summary>Reads <c>limit</c> and <c>cursor</c>.</summary>
    public static ValueTask<PageRequest<TKey>?> BindAsync(
        HttpContext context,
        ParameterInfo parameter
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(new PageRequest<TKey>(context, ReadLimit(context), ReadCursor(context)));
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        RequestCheck.AddTo(builder);
        foreach (var described in PageQuery.Parameters)
        {
            builder.Metadata.Add(described);
        }
    }

    private static int ReadLimit(HttpContext context)
    {
        var given = context.Request.Query["limit"];
        if (given.Count == 0)
        {
            return PageQuery.DefaultLimit;
        }

        if (
            given.Count == 1
            && int.TryParse(
                given[0],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var limit
            )
            && limit is >= 1 and <= PageQuery.MaxLimit
        )
        {
            return limit;
        }

        RequestViolations
            .Of(context)
            .Add("query:limit", "range", $"Must be a whole number from 1 to {PageQuery.MaxLimit}.");
        return PageQuery.DefaultLimit;
    }

    private static TKey? ReadCursor(HttpContext context)
    {
        var given = context.Request.Query["cursor"];
        if (given.Count == 0)
        {
            return null;
        }

        var signer = context.RequestServices.GetRequiredService<CursorSigner>();
        if (
            given is [{ } cursor]
            && signer.Open(PageQuery.NameOfList(context.Request), cursor) is { } keyset
            && KeysetCodec<TKey>.TryRead(keyset, out var after)
        )
        {
            return after;
        }

        RequestViolations
            .Of(context)
            .Add(
                "query:cursor",
                "invalid_cursor",
                "Must be the nextCursor of a page of this list with the same filters. Start again without it."
            );
        return null;
    }
}

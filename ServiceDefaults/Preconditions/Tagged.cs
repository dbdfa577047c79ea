using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace ApiSvc.ServiceDefaults.Preconditions;

/// <summary>
/// A result with the object's <c>ETag</c>. A GET or HEAD whose <c>If-None-Match</c> has it is answered 304
/// (RFC 9110 section 13.1.2).
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design",
    "CA1000:Do not declare static members on generic types",
    Justification = "Metadata is static by the framework's contract."
)]
public sealed class Tagged<T> : IResult, IEndpointMetadataProvider, IValueHttpResult<T>
{
    private readonly EntityTag _tag;
    private readonly string? _location;

    internal Tagged(T value, EntityTag tag, string? location)
    {
        Value = value;
        _tag = tag;
        _location = location;
    }

    /// <inheritdoc />
    public T Value { get; }

    /// <inheritdoc />
    T? IValueHttpResult<T>.Value => Value;

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        httpContext.Response.Headers.ETag = _tag.ToString();
        if (_location is not null)
        {
            return TypedResults.Created(_location, Value).ExecuteAsync(httpContext);
        }

        if (IsKnown(httpContext.Request))
        {
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return TypedResults.Ok(Value).ExecuteAsync(httpContext);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var methods = builder.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods;
        var creates = methods is ["POST"];
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(creates ? 201 : 200, typeof(T), ["application/json"])
        );
        if (methods is ["GET"])
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(304));
        }
    }

    // A header of another form counts as absent: nothing is lost but the saving.
    private bool IsKnown(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && TagList.Parse(request.Headers.IfNoneMatch)?.MatchesWeakly(_tag) == true;
}

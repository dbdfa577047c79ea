using System.Reflection;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace ApiSvc.ServiceDefaults.Preconditions;

/// <summary>
/// A handler's parameter for changes: what the client last saw (RFC 9110 section 13.1.1). A request without
/// <c>If-Match</c> is 428 (RFC 6585 section 3), so that nobody overwrites what they have not seen.
/// </summary>
public sealed class IfMatch : IEndpointParameterMetadataProvider
{
    private readonly TagList? _tags;

    private IfMatch(TagList? tags) => _tags = tags;

    /// <summary>
    /// Compares with the version that was read. The change itself must be made on that version only
    /// (<c>update … where version = @version</c>), because another may come between.
    /// </summary>
    /// <returns>Null, or the problem 412.</returns>
    public ApiProblem? Check(long version)
    {
        var current = EntityTag.From(version);
        return _tags?.MatchesStrongly(current) == true ? null : Stale(current);
    }

    /// <summary>The problem 412, for a change that another one overtook.</summary>
    public static ApiProblem Stale(EntityTag current) =>
        new()
        {
            Status = 412,
            Code = "precondition-failed",
            Detail = $"The object has changed: it is at {current} now. Read it again.",
        };

    /// <summary>Reads the header.</summary>
    public static ValueTask<IfMatch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(context);
        var header = context.Request.Headers.IfMatch;
        var violations = RequestViolations.Of(context);
        var given = TagList.Parse(header);
        if (header.Count == 0)
        {
            violations.Add(
                new ApiProblem
                {
                    Status = 428,
                    Code = "precondition-required",
                    Detail = "Give If-Match with the ETag of the object as you read it.",
                }
            );
        }
        else if (given is null)
        {
            violations.Add(
                "header:If-Match",
                "syntax",
                "Must be '*' or a list of entity tags such as \"7\", quotes included."
            );
        }

        return new(new IfMatch(given));
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        RequestCheck.AddTo(builder);
        builder.Metadata.Add(
            new RequestParameter(RequestParameterPlace.Header, "If-Match", typeof(string))
            {
                Required = true,
                Description = "The ETag of the object as it was read, or '*'.",
            }
        );
        ProblemResponses.Add(builder, 412, 428);
    }
}

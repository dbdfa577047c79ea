using System.Reflection;
using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>
/// The filter that runs between binding and handler: it refuses query parameters that nobody reads, and answers
/// with what binding found. Each parameter type of this suite adds it to the endpoints that use it.
/// </summary>
internal static class RequestCheck
{
    public static void AddTo(EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Metadata.Contains(Marker.Instance))
        {
            return;
        }

        builder.Metadata.Add(Marker.Instance);
        ProblemResponses.Add(builder, 400);

        // Outermost, so that no other filter sees values that are not there.
        builder.FilterFactories.Insert(
            0,
            (factory, next) =>
            {
                var known = QueryNames(builder, factory.MethodInfo);
                return invocation => Answer(invocation, known, next);
            }
        );
    }

    /// <summary>Whether violations of this request will be answered by the filter.</summary>
    public static bool Covers(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Marker>() is not null;

    private static ValueTask<object?> Answer(
        EndpointFilterInvocationContext invocation,
        HashSet<string> known,
        EndpointFilterDelegate next
    )
    {
        var context = invocation.HttpContext;
        var violations = RequestViolations.Of(context);
        foreach (var name in context.Request.Query.Keys.Where(name => !known.Contains(name)))
        {
            if (violations.IsFull)
            {
                break;
            }

            violations.Add(
                $"query:{name}",
                "unknown_parameter",
                Names.Suggest("There is no such query parameter.", name, known)
            );
        }

        return violations.ToProblem() is { } problem ? new(problem) : next(invocation);
    }

    // Query names are compared as the framework compares them: without case.
    private static HashSet<string> QueryNames(EndpointBuilder builder, MethodInfo handler)
    {
        var declared = builder
            .Metadata.OfType<RequestParameter>()
            .Where(p => p.Place == RequestParameterPlace.Query)
            .Select(p => p.Name);
        return new(
            declared.Concat(handler.GetParameters().SelectMany(Bound)),
            StringComparer.OrdinalIgnoreCase
        );
    }

    private static IEnumerable<string> Bound(ParameterInfo parameter)
    {
        if (parameter.GetCustomAttribute<AsParametersAttribute>() is not null)
        {
            return parameter.ParameterType.GetProperties().Select(p => QueryName(p, p.Name));
        }

        // A type that binds itself says which parameters it reads.
        return parameter.ParameterType.IsAssignableTo(typeof(IEndpointParameterMetadataProvider))
            ? []
            : [QueryName(parameter, parameter.Name ?? "")];
    }

    private static string QueryName(ICustomAttributeProvider member, string name) =>
        member
            .GetCustomAttributes(inherit: true)
            .OfType<IFromQueryMetadata>()
            .FirstOrDefault()
            ?.Name
        ?? name;

    private sealed class Marker
    {
        public static readonly Marker Instance = new();
    }
}

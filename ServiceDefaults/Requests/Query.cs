using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>
/// A handler's parameter: the query string as one record, valid. Its properties are scalars, or lists of scalars
/// for parameters that may repeat; the rules are those of <see cref="Body{T}"/>.
/// </summary>
/// <param name="Value">What was read.</param>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design",
    "CA1000:Do not declare static members on generic types",
    Justification = "Binding is static by the framework's contract."
)]
public sealed record Query<T>(T Value) : IEndpointParameterMetadataProvider
    where T : notnull
{
    /// <summary>Reads the query string.</summary>
    public static ValueTask<Query<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(context);
        var type = TypeIn(context.RequestServices);
        var violations = RequestViolations.Of(context);
        var json = QueryJson.Write(context.Request.Query, type, violations);
        var reader = new JsonRequestReader(
            type.Options,
            violations,
            JsonPlace.Query,
            context.RequestServices
        );

        // Null only beside a violation, and then no handler sees it.
        return new(new Query<T>(reader.Read<T>(json.Span)!));
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        RequestCheck.AddTo(builder);
        foreach (var rule in ObjectRules.Of(TypeIn(builder.ApplicationServices)).Properties)
        {
            builder.Metadata.Add(QueryJson.Describe(rule));
        }
    }

    private static JsonTypeInfo TypeIn(IServiceProvider services) =>
        services
            .GetRequiredService<IOptions<JsonOptions>>()
            .Value.SerializerOptions.GetTypeInfo(typeof(T));
}

using System.Reflection;
using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>
/// A handler's parameter: the JSON body of the request, whole and valid. Everything wrong with it is answered at
/// once as 400; another content type is 415, a body past the limit 413. Rules: properties unknown to
/// <typeparamref name="T"/> are refused; a <c>required</c> property, or a constructor's parameter without default,
/// must be there unless it may be null; data annotations hold at every depth.
/// </summary>
/// <param name="Value">What was read.</param>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design",
    "CA1000:Do not declare static members on generic types",
    Justification = "Binding is static by the framework's contract."
)]
public sealed record Body<T>(T Value) : IEndpointParameterMetadataProvider
    where T : notnull
{
    /// <summary>Reads the body.</summary>
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(context);
        var json = await JsonBody.ReadAsync(context);
        var reader = new JsonRequestReader(
            context
                .RequestServices.GetRequiredService<IOptions<JsonOptions>>()
                .Value.SerializerOptions,
            RequestViolations.Of(context),
            JsonPlace.Body,
            context.RequestServices
        );

        // Null only beside a violation, and then no handler sees it.
        return new(reader.Read<T>(json.Span)!);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        RequestCheck.AddTo(builder);
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
        ProblemResponses.Add(builder, 413, 415);
    }
}

using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ApiSvc.ServiceDefaults.OpenApi;

/// <summary>Lists the parameters that endpoint metadata declares, and which operations need no token.</summary>
internal sealed class ParameterTransformer : IOpenApiOperationTransformer
{
    public async Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
        }

        operation.Parameters ??= [];
        foreach (var declared in metadata.OfType<RequestParameter>())
        {
            // What the framework found by itself says less than the declaration.
            var place = PlaceOf(declared.Place);
            if (
                operation.Parameters.FirstOrDefault(p =>
                    p.Name == declared.Name && p.In == place
                ) is
                { } found
            )
            {
                operation.Parameters.Remove(found);
            }

            operation.Parameters.Add(
                await DescribeAsync(declared, place, context, cancellationToken)
            );
        }
    }

    private static async Task<OpenApiParameter> DescribeAsync(
        RequestParameter declared,
        ParameterLocation place,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var type = Nullable.GetUnderlyingType(declared.Type) ?? declared.Type;
        var schema = await context.GetOrCreateSchemaAsync(
            type,
            parameterDescription: null,
            cancellationToken
        );
        schema.Minimum = Text(declared.Minimum) ?? schema.Minimum;
        schema.Maximum = Text(declared.Maximum) ?? schema.Maximum;
        schema.Default = declared.Default ?? schema.Default;
        return new()
        {
            Name = declared.Name,
            In = place,
            Required = declared.Required,
            Description = declared.Description,
            Schema = schema,
        };
    }

    private static string? Text(int? number) =>
        number?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static ParameterLocation PlaceOf(RequestParameterPlace place) =>
        place switch
        {
            RequestParameterPlace.Path => ParameterLocation.Path,
            RequestParameterPlace.Header => ParameterLocation.Header,
            _ => ParameterLocation.Query,
        };
}

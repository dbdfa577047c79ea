using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Problems;

/// <summary>Tells OpenAPI which problems an endpoint answers with.</summary>
internal static class ProblemResponses
{
    public static void Add(EndpointBuilder builder, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            builder.Metadata.Add(
                new ProducesResponseTypeMetadata(
                    status,
                    typeof(ProblemDocument),
                    ["application/problem+json"]
                )
            );
        }
    }
}

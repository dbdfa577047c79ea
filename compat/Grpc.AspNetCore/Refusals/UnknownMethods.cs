using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grpc.AspNetCore.Server.Refusals;

/// <summary>Answers calls that no endpoint takes with UNIMPLEMENTED. Requests that are no gRPC calls are left alone.</summary>
internal static class UnknownMethods
{
    private static readonly ConditionalWeakTable<IEndpointRouteBuilder, object> Mapped = [];

    public static void Map(IEndpointRouteBuilder routes)
    {
        if (!Mapped.TryAdd(routes, new object()))
        {
            return;
        }

        var pattern = RoutePatternFactory.Parse(
            "{unimplementedService}/{unimplementedMethod}",
            defaults: null,
            parameterPolicies: new { unimplementedMethod = new GrpcCallConstraint() }
        );
        var endpoint = routes.Map(pattern, AnswerAsync);
        endpoint.Add(builder =>
        {
            builder.DisplayName = "gRPC - Unimplemented";
            // Behind everything else, fallback routes of the application too.
            ((RouteEndpointBuilder)builder).Order = int.MaxValue;
            builder.Metadata.Add(new HttpMethodMetadata([HttpMethods.Post]));
        });
    }

    private static Task AnswerAsync(HttpContext http)
    {
        if (!Refusal.Refuse(http))
        {
            http.Response.ContentType = GrpcHeaders.ContentType;
            Refusal.Answer(
                http,
                StatusCodes.Status200OK,
                StatusCode.Unimplemented,
                $"Method '{http.Request.Path}' is unimplemented."
            );
        }

        return Task.CompletedTask;
    }

    private sealed class GrpcCallConstraint : IRouteConstraint
    {
        public bool Match(
            HttpContext? httpContext,
            IRouter? route,
            string routeKey,
            RouteValueDictionary values,
            RouteDirection routeDirection
        ) => httpContext is not null && GrpcHeaders.IsGrpc(httpContext.Request.ContentType);
    }
}

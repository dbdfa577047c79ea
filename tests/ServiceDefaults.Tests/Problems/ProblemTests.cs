using System.Text.Json;
using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Tests.Problems;

public sealed class ProblemTests
{
    [Fact]
    public async Task ExecuteAsync_WithViolations_WritesThemAll()
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        var problem = new ApiProblem
        {
            Status = 400,
            Code = "invalid-request",
            Detail = "2 violations.",
            Errors =
            [
                new("#/name", "required", "Give a name."),
                new("query:limit", "range", "1 to 100."),
            ],
            RetryAfter = 3,
        };

        await problem.ExecuteAsync(context);

        context.Response.StatusCode.ShouldBe(400);
        context.Response.ContentType.ShouldBe("application/problem+json");
        context.Response.Headers.RetryAfter.ToString().ShouldBe("3");
        context.Response.Body.Position = 0;
        using var document = await JsonDocument.ParseAsync(context.Response.Body);
        document
            .RootElement.GetProperty("type")
            .GetString()
            .ShouldBe("https://apisvc.dev/problems/invalid-request");
        document.RootElement.GetProperty("errors").GetArrayLength().ShouldBe(2);
        document
            .RootElement.GetProperty("errors")[1]
            .GetProperty("location")
            .GetString()
            .ShouldBe("query:limit");
    }
}

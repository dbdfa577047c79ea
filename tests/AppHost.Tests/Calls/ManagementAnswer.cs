using System.Net;
using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>What a management API answered.</summary>
/// <param name="MediaType">Without parameters; empty where there is no body.</param>
internal sealed record ManagementAnswer(HttpStatusCode Status, string MediaType, string Text)
{
    public JsonNode Json => Text.Length == 0 ? new JsonObject() : JsonNode.Parse(Text)!;

    /// <summary>The answer, where it is a success.</summary>
    public JsonNode Success()
    {
        ((int)Status).ShouldBeInRange(200, 299, Text);
        return Json;
    }

    /// <summary>A problem (RFC 9457) that says what, and with which id it is in the log.</summary>
    /// <returns>Its violations: where, and what would be right.</returns>
    public IReadOnlyList<string> ShouldBeProblem(HttpStatusCode status, string code)
    {
        Status.ShouldBe(status, Text);
        MediaType.ShouldBe("application/problem+json");
        ((string)Json["type"]!).ShouldBe($"https://apisvc.dev/problems/{code}", Text);
        ((int)Json["status"]!).ShouldBe((int)status);
        ((string)Json["title"]!).ShouldNotBeEmpty();
        ((string)Json["detail"]!).ShouldNotBeEmpty();
        ((string)Json["id"]!).ShouldNotBeEmpty();
        return [.. (Json["errors"]?.AsArray() ?? []).Select(e => e!.ToJsonString())];
    }
}

using System.Net;
using System.Text;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Catalog.Tests.Hosting;

/// <summary>What tests begin with: APIs, versions, plans, applications, made over REST.</summary>
internal static class Scene
{
    public const string Document = """
        openapi: 3.0.3
        info: { title: Orders, version: '1' }
        paths:
          /orders:
            get: { operationId: list, responses: { '200': { description: ok } } }
          /orders/{id}:
            parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
            get: { operationId: read, responses: { '200': { description: ok } } }
            delete: { operationId: remove, responses: { '204': { description: gone } } }
        """;

    public static async Task<string> ApiAsync(
        this Party owner,
        Id<TeamKind> team,
        string slug = "orders",
        string visibility = "allTeams"
    ) => (
            await owner.PostAsync(
                $"/v1/teams/{team}/apis",
                new
                {
                    slug,
                    name = slug,
                    visibility,
                }
            )
        ).ShouldBe(HttpStatusCode.Created).Id;

    public static async Task<string> ImportAsync(
        this Party owner,
        string api,
        string version = "v1",
        string? basePath = null
    ) =>
        (
            await owner.UploadAsync(
                $"/v1/apis/{api}/versions/{version}/specification{(basePath is null ? "" : $"?basePath={basePath}")}",
                Encoding.UTF8.GetBytes(Document)
            )
        )
            .ShouldBe(HttpStatusCode.OK)
            .Json.GetProperty("version")
            .GetProperty("id")
            .GetString()!;

    public static async Task BindAsync(
        this Party owner,
        string version,
        string environment = "sandbox",
        string url = "https://orders.example"
    ) =>
        (
            await owner.PutAsync(
                $"/v1/versions/{version}/environments/{environment}/bindings/default",
                new { addresses = new[] { new { url } } }
            )
        ).ShouldBe(HttpStatusCode.OK);

    public static Task<Answer> MoveAsync(this Party party, string version, string to) =>
        party.PostAsync($"/v1/versions/{version}/transitions", new { to }, ifMatch: "*");

    public static async Task PublishAsync(this Party owner, string version)
    {
        (await owner.MoveAsync(version, "inReview")).ShouldBe(HttpStatusCode.OK);
        (await owner.MoveAsync(version, "published")).ShouldBe(HttpStatusCode.OK);
    }

    public static Task<Answer> DeployAsync(
        this Party owner,
        string version,
        string environment = "sandbox"
    ) => owner.PostAsync($"/v1/versions/{version}/environments/{environment}/deploy", new { });

    public static async Task<string> PlanAsync(
        this Party owner,
        Id<TeamKind> team,
        string approval = "manual",
        string name = "basic"
    ) => (
            await owner.PostAsync(
                $"/v1/teams/{team}/plans",
                new
                {
                    name,
                    approval,
                    limits = new[] { new { rate = 10 } },
                    quotas = new[] { new { count = 1000, window = "day" } },
                }
            )
        ).ShouldBe(HttpStatusCode.Created).Id;

    public static async Task<string> ApplicationAsync(
        this Party owner,
        Id<TeamKind> team,
        string name = "shop"
    ) =>
        (await owner.PostAsync($"/v1/teams/{team}/applications", new { name }))
            .ShouldBe(HttpStatusCode.Created)
            .Id;

    public static async Task OfferAsync(this Party owner, string version, params string[] plans) =>
        (await owner.PutAsync($"/v1/versions/{version}", new { planIds = plans })).ShouldBe(
            HttpStatusCode.OK
        );

    public static Task<Answer> SubscribeAsync(
        this Party consumer,
        string application,
        string api,
        string plan,
        object? expiresAt = null
    ) =>
        consumer.PostAsync(
            $"/v1/applications/{application}/subscriptions",
            new
            {
                apiId = api,
                planId = plan,
                environment = "sandbox",
                expiresAt,
            }
        );
}

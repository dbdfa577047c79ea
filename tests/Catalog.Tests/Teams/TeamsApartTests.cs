using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using ApiSvc.Catalog.Tests.Hosting;
using ApiSvc.ServiceDefaults.Identifiers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using V1 = ApiSvc.Contracts.Catalog.V1;

namespace ApiSvc.Catalog.Tests.Teams;

/// <summary>Every endpoint, called by another team's owner for what is not theirs.</summary>
public sealed partial class TeamsApartTests
{
    [Fact]
    public async Task Rest_EveryEndpointByAnotherTeamsOwner_GivesNothing()
    {
        await using var host = await CatalogHost.StartAsync();
        var ids = await SceneAsync(host);
        var (_, stranger) = host.NewTeam("strangers");
        var endpoints = host
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal))
            .ToList();
        var walked = 0;

        foreach (var endpoint in endpoints)
        {
            var pattern = endpoint.RoutePattern.RawText!;
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            var path = Parameter().Replace(pattern, m => ids[m.Groups["name"].Value]);
            var answer = await stranger.SendAsync(
                new HttpMethod(method),
                path,
                method is "GET" or "DELETE" ? null : """{"to":"cancelled"}""",
                ifMatch: method is "GET" ? null : "*"
            );
            walked++;

            if (path == pattern && method == "GET" && answer.Status == HttpStatusCode.OK)
            {
                // Lists of what one may see, and the platform's own.
                foreach (var id in ids.Values.Where(v => v.Contains('_')))
                {
                    answer.Text.ShouldNotContain(id, customMessage: path);
                }
            }
            else
            {
                answer.Status.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.Forbidden);
            }
        }

        walked.ShouldBeGreaterThan(40);
        (await host.QueryAsync<long>("select count(*) from api")).ShouldBe(1);
    }

    [Fact]
    public async Task Grpc_EveryMethodByAnotherTeamsOwner_GivesNothing()
    {
        await using var host = await CatalogHost.StartAsync();
        var ids = await SceneAsync(host);
        var (_, stranger) = host.NewTeam("strangers");
        ClientBase[] clients =
        [
            new V1.Apis.ApisClient(host.Channel),
            new V1.Deployments.DeploymentsClient(host.Channel),
            new V1.Plans.PlansClient(host.Channel),
            new V1.Applications.ApplicationsClient(host.Channel),
            new V1.Subscriptions.SubscriptionsClient(host.Channel),
        ];
        var services = V1
            .ApisReflection.Descriptor.Services.Concat(V1.DeploymentsReflection.Descriptor.Services)
            .Concat(V1.SubscriptionsReflection.Descriptor.Services);
        var walked = 0;

        foreach (var method in services.SelectMany(s => s.Methods).Where(m => !m.IsServerStreaming))
        {
            var request = Fill(method.InputType, ids, method.Service.Name);
            var client = clients.Single(c =>
                c.GetType().DeclaringType!.Name == method.Service.Name
            );
            walked++;
            try
            {
                var answer = await CallAsync(client, method, request, stranger.Headers);
                method.Name.ShouldStartWith("List");
                foreach (var id in ids.Values.Where(v => v.Contains('_')))
                {
                    answer.ToString()!.ShouldNotContain(id, customMessage: method.FullName);
                }
            }
            catch (RpcException e)
            {
                e.StatusCode.ShouldBeOneOf(StatusCode.NotFound, StatusCode.PermissionDenied);
            }
        }

        walked.ShouldBe(32);
    }

    [Fact]
    public async Task OfferedApi_ByAnotherTeam_IsReadAndNotChanged()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var (_, other) = host.NewTeam("shop");
        var api = await owner.ApiAsync(team);
        var version = await owner.ImportAsync(api);
        var draft = await owner.ImportAsync(api, "v2", "/acme/orders2");
        (await other.GetAsync($"/v1/apis/{api}")).ShouldBe(HttpStatusCode.NotFound);

        await owner.PublishAsync(version);

        (await other.GetAsync($"/v1/apis/{api}")).ShouldBe(HttpStatusCode.OK);
        (await other.GetAsync($"/v1/versions/{version}/specification"))
            .ShouldBe(HttpStatusCode.OK)
            .Text.ShouldBe(Scene.Document);
        (await other.GetAsync($"/v1/versions/{draft}")).ShouldBe(HttpStatusCode.NotFound);
        (await other.GetAsync($"/v1/apis/{api}/versions"))
            .Json.GetProperty("items")
            .GetArrayLength()
            .ShouldBe(1);
        (await other.DeleteAsync($"/v1/apis/{api}")).ShouldBe(HttpStatusCode.Forbidden);
        (await other.MoveAsync(version, "suspended")).ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<IReadOnlyDictionary<string, string>> SceneAsync(CatalogHost host)
    {
        var (team, owner) = host.NewTeam("acme");
        var api = await owner.ApiAsync(team, visibility: "listedTeams");
        var version = await owner.ImportAsync(api);
        var plan = await owner.PlanAsync(team);
        await owner.OfferAsync(version, plan);
        await owner.PublishAsync(version);
        await owner.BindAsync(version);
        (await owner.DeployAsync(version)).ShouldBe(HttpStatusCode.OK);
        var application = await owner.ApplicationAsync(team);
        var subscription = (await owner.SubscribeAsync(application, api, plan))
            .ShouldBe(HttpStatusCode.Created)
            .Id;
        var operations = await owner.GetAsync($"/v1/versions/{version}/operations");
        return new Dictionary<string, string>
        {
            ["teamId"] = team.ToString(),
            ["apiId"] = api,
            ["versionId"] = version,
            ["versionName"] = "v1",
            ["planId"] = plan,
            ["applicationId"] = application,
            ["subscriptionId"] = subscription,
            ["operationId"] = operations
                .Json.GetProperty("items")[0]
                .GetProperty("id")
                .GetString()!,
            ["basePathId"] = new Id<BasePathKind>(
                await host.QueryAsync<Guid>("select id from base_path")
            ).ToString(),
            ["environment"] = "sandbox",
            ["upstream"] = "default",
        };
    }

    // Fields by their names; what is called just "id" is of the kind that the service is about.
    private static IMessage Fill(
        MessageDescriptor type,
        IReadOnlyDictionary<string, string> ids,
        string service
    )
    {
        var message = (IMessage)Activator.CreateInstance(type.ClrType)!;
        foreach (var field in type.Fields.InDeclarationOrder().Where(f => !f.IsRepeated))
        {
            var about =
                type.Name.Contains("Version", StringComparison.Ordinal) ? "versionId"
                : service == "Apis" ? "apiId"
                : service == "Plans" ? "planId"
                : service == "Applications" ? "applicationId"
                : "subscriptionId";
            var name = field.Name switch
            {
                "id" => about,
                "version_name" => "versionName",
                _ => field.JsonName,
            };
            if (field.FieldType == FieldType.String && ids.TryGetValue(name, out var id))
            {
                field.Accessor.SetValue(message, id);
            }
            else if (field.FieldType == FieldType.String && field.Name == "etag")
            {
                field.Accessor.SetValue(message, "\"1\"");
            }
            else if (field.FieldType == FieldType.Enum && field.Name == "to")
            {
                field.Accessor.SetValue(message, 5);
            }
            else if (
                field.FieldType == FieldType.Message
                && field.Name is "api" or "binding" or "plan" or "application"
            )
            {
                field.Accessor.SetValue(message, Fill(field.MessageType, ids, service));
            }
        }

        return message;
    }

    private static async Task<object> CallAsync(
        ClientBase client,
        MethodDescriptor method,
        IMessage request,
        Metadata headers
    )
    {
        var call = client
            .GetType()
            .GetMethod($"{method.Name}Async", [request.GetType(), typeof(CallOptions)])!;
        try
        {
            dynamic answer = call.Invoke(client, [request, new CallOptions(headers)])!;
            return await answer.ResponseAsync;
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    [GeneratedRegex(
        "\\{(?<name>\\w+)\\}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Parameter();
}

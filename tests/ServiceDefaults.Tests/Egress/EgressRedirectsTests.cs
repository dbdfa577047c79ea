using System.Collections.Concurrent;
using ApiSvc.ServiceDefaults.Egress;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Tests.Egress;

public sealed class EgressRedirectsTests
{
    [Fact]
    public async Task SendFollowingAsync_RedirectIntoThePrivateNetwork_IsBlocked()
    {
        await using var server = await LoopbackServer.StartAsync(app =>
            app.MapGet("/spec", () => Results.Redirect("http://169.254.169.254/latest/meta-data"))
        );
        using var client = EgressGuardTests.Client(new FakeResolver(["127.0.0.1"]), "127.0.0.1/32");

        var blocked = await Should.ThrowAsync<EgressBlockedException>(() =>
            client.SendFollowingAsync(Get(server.Uri("specs.example", "/spec")), 3, default)
        );

        blocked.Reason.ShouldBe(EgressReason.LinkLocal);
    }

    [Fact]
    public async Task SendFollowingAsync_ToAnotherOrigin_LeavesCredentialsBehind()
    {
        var seen = new ConcurrentQueue<string>();
        await using var server = await LoopbackServer.StartAsync(app =>
        {
            app.MapGet(
                "/a",
                (HttpRequest r) =>
                {
                    seen.Enqueue(
                        $"{r.Host.Host} {r.Headers.Authorization} {r.Headers["X-Api-Key"]}"
                    );
                    return Results.Redirect("/b");
                }
            );
            app.MapGet(
                "/b",
                (HttpRequest r) =>
                {
                    seen.Enqueue(
                        $"{r.Host.Host} {r.Headers.Authorization} {r.Headers["X-Api-Key"]}"
                    );
                    return r.Host.Host == "two.example"
                        ? Results.Text("done")
                        : Results.Redirect($"http://two.example:{r.Host.Port}/b");
                }
            );
        });
        using var client = EgressGuardTests.Client(new FakeResolver(["127.0.0.1"]), "127.0.0.1/32");
        var request = Get(server.Uri("one.example", "/a"));
        request.Headers.Add("Authorization", "Bearer x");
        request.Headers.Add("X-Api-Key", "y");

        using var response = await client.SendFollowingAsync(request, 2, default);

        (await response.Content.ReadAsStringAsync()).ShouldBe("done");
        seen.ShouldBe(["one.example Bearer x y", "one.example Bearer x y", "two.example  "]);
    }

    [Fact]
    public async Task SendFollowingAsync_OneRedirectTooMany_IsBlocked()
    {
        await using var server = await LoopbackServer.StartAsync(app =>
            app.MapGet("/loop", () => Results.Redirect("/loop"))
        );
        using var client = EgressGuardTests.Client(new FakeResolver(["127.0.0.1"]), "127.0.0.1/32");

        var blocked = await Should.ThrowAsync<EgressBlockedException>(() =>
            client.SendFollowingAsync(Get(server.Uri("a.example", "/loop")), 2, default)
        );

        blocked.Reason.ShouldBe(EgressReason.TooManyRedirects);
    }

    [Fact]
    public async Task GetAsync_Redirect_IsNotFollowedByItself()
    {
        await using var server = await LoopbackServer.StartAsync(app =>
            app.MapGet("/r", () => Results.Redirect("/elsewhere"))
        );
        using var client = EgressGuardTests.Client(new FakeResolver(["127.0.0.1"]), "127.0.0.1/32");

        using var response = await client.GetAsync(server.Uri("a.example", "/r"));

        ((int)response.StatusCode).ShouldBe(302);
    }

    private static HttpRequestMessage Get(Uri uri) => new(HttpMethod.Get, uri);
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Tests.Roles;
using ApiSvc.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ApiSvc.Identity.Tests.Keys;

/// <summary>Keys change while tokens are asked for and used: nobody notices.</summary>
public sealed class RotationUnderLoadTests
{
    private const int Rotations = 4;

    [Fact]
    public async Task Rotate_SeveralTimesUnderLoad_FailsNotOneCall()
    {
        (string, string?)[] settings = [("SigningKeys:PublishAhead", "00:00:01")];
        await using var first = await IdentityHost.StartReadyAsync(null, settings);
        await using var second = await IdentityHost.StartReadyAsync(
            first.ConnectionString,
            settings
        );
        await using var service = await FollowingService.StartAsync(first);
        using var end = new CancellationTokenSource();
        var failures = new ConcurrentQueue<string>();
        var used = new ConcurrentDictionary<string, int>();

        var callers = Enumerable
            .Range(0, 4)
            .Select(i =>
                Task.Run(() =>
                    CallAsync(i % 2 == 0 ? first : second, service, failures, used, end.Token)
                )
            )
            .ToList();
        var keys = first.Services.GetRequiredService<SigningKeys>();
        for (var i = 0; i < Rotations; i++)
        {
            var before = keys.Get(SigningAlgorithms.Es256);
            (await (await first.AdminAsync()).PostAsync("/v1/signing-keys/rotate")).ShouldBe(
                HttpStatusCode.OK
            );
            await Eventually.HoldsAsync(
                () => keys.Get(SigningAlgorithms.Es256).Row.Id != before.Row.Id,
                "another key signs"
            );
            var count = used.Count;
            await Eventually.HoldsAsync(
                () => used.Count > count || used.Count == i + 2,
                "it was used"
            );
        }

        await end.CancelAsync();
        await Task.WhenAll(callers);

        failures.ShouldBeEmpty();
        used.Count.ShouldBe(Rotations + 1);
        used.Values.Sum().ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Revoke_OfALeakedKey_HoldsInAServiceWithinASecond()
    {
        await using var identity = await IdentityHost.StartReadyAsync();
        await using var service = await FollowingService.StartAsync(identity);
        var admin = await identity.AdminAsync();
        var token = await identity.TokenAsync(
            "admin",
            IdentityHost.Secret,
            ("audience", "catalog")
        );
        (await AskAsync(service, token)).ShouldBe(HttpStatusCode.OK);

        (await admin.PostAsync($"/v1/signing-keys/{new JsonWebToken(token).Kid}/revoke")).ShouldBe(
            HttpStatusCode.OK
        );

        var since = System.Diagnostics.Stopwatch.StartNew();
        await Eventually.HoldsAsync(
            async () => await AskAsync(service, token) == HttpStatusCode.Unauthorized,
            "the token is refused"
        );
        since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        (
            await AskAsync(
                service,
                await identity.TokenAsync("admin", IdentityHost.Secret, ("audience", "catalog"))
            )
        ).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task CallAsync(
        IdentityHost identity,
        FollowingService service,
        ConcurrentQueue<string> failures,
        ConcurrentDictionary<string, int> used,
        CancellationToken end
    )
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                var token = await identity.TokenAsync(
                    "admin",
                    IdentityHost.Secret,
                    ("audience", "catalog")
                );
                var key = new JsonWebToken(token).Kid;
                used.AddOrUpdate(key, 1, (_, n) => n + 1);
                if (await AskAsync(service, token) is not HttpStatusCode.OK and var status)
                {
                    failures.Enqueue($"{status} with key {key}");
                }
            }
            catch (Exception e) when (e is HttpRequestException or ShouldAssertException)
            {
                failures.Enqueue(e.Message);
            }
        }
    }

    private static async Task<HttpStatusCode> AskAsync(FollowingService service, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/caller")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var answer = await service.Management.SendAsync(request);
        return answer.StatusCode;
    }
}

using System.Net;

namespace ApiSvc.Gateway.Tests.Calls;

public sealed class ReadinessTests
{
    // A key that is right would be refused for good by its owner's client.
    [Fact]
    public async Task Call_BeforeBothLogsHaveBeenThere_IsNotReadyAndNeverRefused()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = GatewayHost.CreateClient();

        (await ProblemAsync()).ShouldBe("not-ready");
        await host.PutAsync();
        (await ProblemAsync()).ShouldBe("not-ready");
        await host.PutCredentialsAsync();
        (await ProblemAsync()).ShouldBe("not-found");

        async Task<string> ProblemAsync()
        {
            using var answer = await client.GetAsync(new Uri(host.Http + "/team/api"));
            answer.StatusCode.ShouldBeOneOf(
                HttpStatusCode.ServiceUnavailable,
                HttpStatusCode.NotFound
            );
            return (await answer.Content.ReadAsStringAsync())
                .Split("https://apisvc.dev/problems/")[1]
                .Split('"')[0];
        }
    }
}

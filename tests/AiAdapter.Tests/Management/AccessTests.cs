using ApiSvc.AccessWalk;
using ApiSvc.AiAdapter.Tests.Hosting;
using ApiSvc.Testing;

namespace ApiSvc.AiAdapter.Tests.Management;

/// <summary>What a team has is its own: of every endpoint.</summary>
public sealed class AccessTests
{
    private static readonly string Folder = Path.Combine(
        Repository.Root,
        "tests/AiAdapter.Tests/Management"
    );

    [Fact]
    public async Task Endpoints_ByEverybody_AnswerAsTheReviewedTableSays()
    {
        await using var host = await AiHost.StartAsync();
        var scene = await AccessScene.OpenAsync(host);
        using var http = new HttpClient { BaseAddress = host.Http };

        var faults = await new ServiceWalk(host.Services, http, host.Channel, scene).RunAsync(
            Path.Combine(Folder, "access.json"),
            Path.Combine(Folder, "access.txt")
        );

        faults.ShouldBeEmpty();
    }
}

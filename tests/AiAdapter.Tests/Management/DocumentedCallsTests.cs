using System.Diagnostics;
using System.Text.RegularExpressions;
using ApiSvc.AiAdapter.Tests.Hosting;
using ApiSvc.Testing;

namespace ApiSvc.AiAdapter.Tests.Management;

/// <summary>What <c>docs/ai.md</c> tells people to type works.</summary>
public sealed partial class DocumentedCallsTests
{
    [Fact]
    public async Task Lines_OfTheDocument_RunAsTheyStand()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var document = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/ai.md"));
        var blocks = Block().Matches(document).Select(m => m.Groups["lines"].Value);
        // The provider of the document is not asked: the test of the connection is tried elsewhere.
        var lines = string.Join('\n', blocks)
            .Split('\n')
            .Where(line => !line.Contains("/test\"", StringComparison.Ordinal));
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-s"]);
        start.Environment["AI"] = host.Http.ToString().TrimEnd('/');
        start.Environment["TOKEN"] = owner.Token;
        start.Environment["TEAM"] = team.ToString();

        await ChildProgram.RunAsync(start, string.Join('\n', lines) + "\n");

        var served = await host.ServedAsync(team, "fast");
        served.Name.ShouldBe("assistant");
        served
            .Router.Model.Targets.ShouldHaveSingleItem()
            .Keys[0]
            .Credential.Secret.ShouldBe("sk-another-one-of-it");
        host.Configuration.Teams[team.Value].Budgets.Count.ShouldBe(2);
    }

    [GeneratedRegex("```sh\n(?<lines>.*?)```", RegexOptions.Singleline, 1000)]
    private static partial Regex Block();
}

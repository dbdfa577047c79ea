using ApiSvc.Interop.Cases;

namespace ApiSvc.Interop;

public sealed class InteropTests(InteropRun run)
{
    /// <summary>Routes outside, so that each peer starts once and warm.</summary>
    public static TheoryData<string, string, string> Cases()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var route in Route.All)
        {
            foreach (var subject in CaseList.All.Where(each => each.NotBetween(route) is null))
            {
                data.Add(route.Client, route.Server, subject.Name);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Call_BetweenImplementations_MeansTheSame(
        string client,
        string server,
        string subject
    ) => run.RunAsync(CaseList.All.Single(each => each.Name == subject), new(client, server));
}

using System.Globalization;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Calls;

namespace ApiSvc.AppHost.Tests.Configuration;

/// <summary>What was deployed, and how a call tells that it is answered by that.</summary>
/// <param name="What">What is new about it.</param>
/// <param name="Generation">With which it goes to the gateways.</param>
/// <param name="Path">What to call.</param>
/// <param name="IsAnswerOfIt">Asked about an answer.</param>
internal sealed record Publication(
    string What,
    ulong Generation,
    string Path,
    Func<HttpResponseMessage, Task<bool>> IsAnswerOfIt
);

/// <summary>Deploys the sample again and again: as a new API, with another path at its upstream, with another policy.</summary>
internal sealed class Publisher(Shop shop)
{
    private const int RevisionsOfAnApi = 10;
    private const string Mark = "x-mark";

    private string _version = "";
    private string _path = "";
    private int _order;

    public async Task<Publication> NextAsync(int number)
    {
        if (number % RevisionsOfAnApi == 0)
        {
            _path = $"/demo/published-{number}";
            _version = await shop.DraftAsync($"published-{number}");
            _order = 1;
            await shop.BindAsync(_version, UpstreamOf(_order));
            return await DeployAsync("a new API", HasOrderAsync);
        }

        if (number % 2 == 0)
        {
            _order = 3 - _order;
            await shop.BindAsync(_version, UpstreamOf(_order));
            return await DeployAsync("another path at the upstream", HasOrderAsync);
        }

        var mark = number.ToString(CultureInfo.InvariantCulture);
        await shop.SetPoliciesAsync(
            _version,
            new JsonObject
            {
                ["type"] = "headers",
                ["settings"] = new JsonObject
                {
                    ["response"] = new JsonArray(
                        new JsonObject
                        {
                            ["action"] = "set",
                            ["name"] = Mark,
                            ["value"] = mark,
                        }
                    ),
                },
            }
        );
        return await DeployAsync(
            "another policy",
            answer =>
                Task.FromResult(
                    answer.Headers.TryGetValues(Mark, out var marks) && marks.Single() == mark
                )
        );
    }

    // The sample has orders 1 and 2 from its start.
    private string UpstreamOf(int order) => $"{shop.Upstream}/orders/{order}";

    private async Task<Publication> DeployAsync(
        string what,
        Func<HttpResponseMessage, Task<bool>> isAnswerOfIt
    )
    {
        var deployed = await shop.DeployAsync(_version);
        return new(what, (ulong)deployed["generation"]!, _path, isAnswerOfIt);
    }

    private async Task<bool> HasOrderAsync(HttpResponseMessage answer) =>
        answer.IsSuccessStatusCode
        && (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]! == _order;
}

using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Calls;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.AppHost.Tests.Records;

/// <summary>What Analytics knows of the calls of a load client to one API, asked through the gateway.</summary>
internal sealed class RecordedCalls(OpenSuite open, string api, DateTimeOffset since)
{
    /// <summary>As the load client calls itself.</summary>
    private const string UserAgent = "load-client";

    private string Query =>
        $"api={api}&from={Uri.EscapeDataString(since.UtcDateTime.ToString("O"))}";

    /// <summary>How many calls to the API the rollups count, whoever made them.</summary>
    public async Task<long> CountAsync()
    {
        var answer = await open.Door.ManageAsync(
            "analytics",
            HttpMethod.Get,
            $"teams/{open.Shop.Team}/top?metric=calls&by=api&{Query}"
        );
        return answer["items"]!.AsArray() is [{ } only] ? (long)(double)only["value"]! : 0;
    }

    /// <summary>Each row: the call's id, and whether the load client made it.</summary>
    public async Task<IReadOnlyList<(Guid Id, bool IsLoad)>> ExportAsync()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/apisvc/analytics/v1/teams/{open.Shop.Team}/calls/export?format=ndjson&{Query}"
        )
        {
            Headers =
            {
                Authorization = new AuthenticationHeaderValue(
                    "Bearer",
                    await open.Door.Tokens.OfAsync("admin", "analytics")
                ),
            },
        };
        using var answer = await open.Door.Client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead
        );
        answer.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var rows = new List<(Guid, bool)>();
        while (await lines.ReadLineAsync() is { } line)
        {
            var call = JsonNode.Parse(line)!;
            rows.Add(
                (
                    Id<CallKind>.Parse((string)call["id"]!).Value,
                    (string?)call["userAgent"] == UserAgent
                )
            );
        }

        return rows;
    }

    /// <summary>How many calls Analytics says are lost.</summary>
    public async Task<long> LostAsync()
    {
        var answer = await open.Door.ManageAsync(
            "analytics",
            HttpMethod.Get,
            "platform/lost-calls"
        );
        return answer["items"]!.AsArray().Sum(range => (long)range!["count"]!);
    }

    private sealed class CallKind : IIdKind
    {
        public static string Prefix => "call";
    }
}

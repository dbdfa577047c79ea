using System.Text;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>What the Catalog shows of an API and of all base paths, to see that nothing was changed.</summary>
internal static class CatalogLists
{
    public static async Task<string> ReadAsync(Door door, string api)
    {
        var all = new StringBuilder();
        all.AppendLine(await TextAsync(door, $"apis/{api}"));
        var versions = await door.ManageAsync("catalog", HttpMethod.Get, $"apis/{api}/versions");
        all.AppendLine(versions.ToJsonString());
        foreach (var version in versions["items"]!.AsArray())
        {
            var id = (string)version!["id"]!;
            var place = $"versions/{id}/environments/sandbox";
            all.AppendLine(await TextAsync(door, $"versions/{id}/operations?limit=200"));
            all.AppendLine(await TextAsync(door, $"versions/{id}/specification"));
            all.AppendLine(await TextAsync(door, $"{place}/bindings/default"));
            all.AppendLine(await TextAsync(door, $"{place}/revisions"));
        }

        all.AppendLine(await TextAsync(door, "base-paths?limit=200"));
        return all.ToString();
    }

    // What is not there is said to be so; the id of that answer is of the call alone.
    private static async Task<string> TextAsync(Door door, string path)
    {
        var token = await door.Tokens.OfAsync("admin", "catalog");
        var answer = await door.AskAsync(token, "catalog", HttpMethod.Get, path);
        return $"{path}: {answer.Status} {(answer.Status == System.Net.HttpStatusCode.OK ? answer.Text : "")}";
    }
}

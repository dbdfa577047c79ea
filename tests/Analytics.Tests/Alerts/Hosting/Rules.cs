using System.Text.Json;
using System.Text.Json.Nodes;

namespace ApiSvc.Analytics.Tests.Alerts.Hosting;

/// <summary>Rules as they are given.</summary>
internal static class Rules
{
    /// <summary>One that fires when there were more than 5 errors in a minute.</summary>
    public static JsonObject With(object? changes = null)
    {
        var rule = new JsonObject
        {
            ["name"] = "Errors",
            ["metric"] = "errors",
            ["windowSeconds"] = 60,
            ["comparison"] = "above",
            ["threshold"] = 5,
        };
        if (changes is not null)
        {
            foreach (var (name, value) in JsonSerializer.SerializeToNode(changes)!.AsObject())
            {
                rule[name] = value?.DeepClone();
            }
        }

        return rule;
    }
}

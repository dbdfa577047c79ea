using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Asks a resource's annotations for its environment and arguments.</summary>
internal static class ResourceEnvironment
{
    public static async Task<Dictionary<string, string>> VariablesAsync(
        LocalServerContext context,
        DistributedApplicationExecutionContext execution
    )
    {
        var callback = new EnvironmentCallbackContext(
            execution,
            context.Resource,
            cancellationToken: context.CancellationToken
        )
        {
            Logger = context.Logger,
        };
        foreach (
            var annotation in context
                .Resource.Annotations.OfType<EnvironmentCallbackAnnotation>()
                .ToList()
        )
        {
            await annotation.Callback(callback);
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in callback.EnvironmentVariables)
        {
            if (await TextAsync(value, context.CancellationToken) is { } text)
            {
                values[name] = text;
            }
        }

        return values;
    }

    public static async Task<List<string>> ArgumentsAsync(LocalServerContext context)
    {
        var callback = new CommandLineArgsCallbackContext(
            [],
            context.Resource,
            context.CancellationToken
        );
        foreach (
            var annotation in context
                .Resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>()
                .ToList()
        )
        {
            await annotation.Callback(callback);
        }

        var values = new List<string>();
        foreach (var value in callback.Args)
        {
            values.Add(await TextAsync(value, context.CancellationToken) ?? "");
        }

        return values;
    }

    private static async Task<string?> TextAsync(object value, CancellationToken ct) =>
        value switch
        {
            string text => text,
            IValueProvider provider => await provider.GetValueAsync(ct),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
}

using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Connections;
using ApiSvc.AiAdapter.Costs;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.ProviderKeys;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.AiAdapter.VirtualModels;
using ApiSvc.ServiceDefaults.Sealing;

namespace ApiSvc.AiAdapter.Configuration;

/// <summary>A target that is sound, with its prices.</summary>
/// <param name="Currency">Of its cost; null where that is not known.</param>
internal sealed record CompiledTarget(Target Target, PriceHistory Prices, string? Currency);

/// <summary>Makes the targets of virtual models from a team's rows.</summary>
internal sealed class TargetCompiler(
    ModelFacts facts,
    CurrentCatalogue catalogue,
    ISealer sealer,
    TimeProvider time
)
{
    /// <returns>Null where a problem stands against all of it.</returns>
    public CompiledTarget? Compile(TargetInput input, TeamSource source, List<string> problems)
    {
        if (!source.Connections.TryGetValue(input.ConnectionId.Value, out var connection))
        {
            problems.Add($"{input.Model}: its connection {input.ConnectionId} is not there.");
            return null;
        }

        var name = $"{connection.Name}/{input.Model}";
        if (FindFault(connection, out var provider) is { } fault)
        {
            problems.Add($"{name}: {fault}");
            return null;
        }

        var keys = Keys(connection, provider!, input, source, name, problems);
        if (keys.Count == 0)
        {
            problems.Add($"{name}: it has no key that can be used.");
            return null;
        }

        var (traits, prices) = facts.Find(connection, input.Model, source.OwnModels);
        var deployment = new Deployment
        {
            Name = name,
            Provider = provider!,
            Model = input.Model,
            KeyName = "",
            Traits = traits,
            Places = connection.PlaceValues,
            ApiVersion = connection.ApiVersion,
            DropUnsupported = connection.DropUnsupported,
        };
        var price = prices.At(time.GetUtcNow());
        return new(
            new Target(deployment, keys, input.Priority, input.Weight, CostOf(price)),
            prices,
            price?.Currency
        );
    }

    private string? FindFault(ConnectionRow connection, out ProviderConfig? provider)
    {
        provider = connection.ToConfig(catalogue.Providers);
        if (connection.Disabled)
        {
            return "its connection is disabled.";
        }

        if (provider is null)
        {
            return $"this build knows no provider '{connection.Provider}'.";
        }

        if (!Families.All.ContainsKey(provider.Family))
        {
            return $"this build knows no format '{provider.Family}'.";
        }

        var missing = ConnectionRules
            .PlacesOf(provider.Address)
            .Except(connection.PlaceValues.Keys, StringComparer.Ordinal)
            .ToList();
        return missing.Count > 0
            ? $"its connection does not say what {string.Join(", ", missing)} in {provider.Address} is."
            : null;
    }

    private List<PoolKey> Keys(
        ConnectionRow connection,
        ProviderConfig provider,
        TargetInput input,
        TeamSource source,
        string name,
        List<string> problems
    )
    {
        if (provider.Authentication.Kind == AuthenticationKind.None)
        {
            return [new($"{connection.Name}/none", Credential.None)];
        }

        List<PoolKey> keys = [];
        foreach (var row in source.Keys[connection.Id].Where(row => IsWanted(row, input)))
        {
            var (credential, fault) = row.Open(sealer);
            if (credential is null)
            {
                problems.Add($"{name}: its key '{row.Name}' is left out: {fault}");
                continue;
            }

            // With the connection's name: what a provider signed is given back to the same key alone.
            keys.Add(
                new(
                    $"{connection.Name}/{row.Name}",
                    credential,
                    row.RequestsPerMinute,
                    row.TokensPerMinute,
                    row.Parallel
                )
            );
        }

        return keys;
    }

    private static bool IsWanted(ProviderKeyRow row, TargetInput input) =>
        !row.Disabled && (input.KeyIds.Count == 0 || input.KeyIds.Any(id => id.Value == row.Id));

    // Of a call whose prompt is three times as long as its answer, which orders most models rightly.
    private static long? CostOf(Price? price) =>
        price is null ? null : ((3 * price.Standard.Rates.Input) + price.Standard.Rates.Output) / 4;
}

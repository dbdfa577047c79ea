using System.Security.Cryptography;
using System.Text.Json;
using ApiSvc.AiAdapter.Costs;
using ApiSvc.AiAdapter.Money;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.AiAdapter.VirtualModels;
using Microsoft.Extensions.Options;

namespace ApiSvc.AiAdapter.Configuration;

/// <summary>
/// Makes what a team's calls are served by. What is wrong with one row is noted and leaves that row out; the rest is served. The
/// routers of models that have not changed are kept, with all that they have learned. For one thread.
/// </summary>
internal sealed class TeamCompiler(
    TargetCompiler targets,
    IOptions<RoutingOptions> options,
    TimeProvider time
)
{
    private readonly Dictionary<Guid, (byte[] Fingerprint, Router Router)> _routers = [];
    private readonly KeyStates _keys = new();

    public TeamModels Compile(TeamSource source)
    {
        Dictionary<string, ServedModel> models = new(StringComparer.Ordinal);
        Dictionary<string, string> quarantined = new(StringComparer.Ordinal);
        Dictionary<Guid, ServedState> states = [];
        foreach (var row in source.VirtualModels)
        {
            var (served, state) = Compile(row, source);
            states[row.Id] = state;
            foreach (var name in source.Names[row.Id].Select(n => n.Name))
            {
                if (served is not null)
                {
                    models[name] = served;
                }
                else if (state.State == ModelState.Quarantined)
                {
                    quarantined[name] = string.Join(' ', state.Problems);
                }
            }
        }

        return new(models)
        {
            Quarantined = quarantined,
            States = states,
            Budgets =
            [
                .. source
                    .Budgets.Where(row => !row.Disabled)
                    .Select(row => BudgetRule.TryRead(row, out var rule) ? rule : null)
                    .OfType<BudgetRule>(),
            ],
        };
    }

    /// <summary>Forgets routers of models that are gone.</summary>
    public void Keep(IReadOnlySet<Guid> virtualModels)
    {
        foreach (var gone in _routers.Keys.Where(id => !virtualModels.Contains(id)).ToList())
        {
            _routers.Remove(gone);
        }

        _keys.Sweep();
    }

    private (ServedModel? Served, ServedState State) Compile(VirtualModelRow row, TeamSource source)
    {
        if (row.Disabled)
        {
            return (null, new(ModelState.Disabled, row.Version, []));
        }

        List<string> problems = [];
        try
        {
            var compiled = row
                .TargetList.Select(target => targets.Compile(target, source, problems))
                .OfType<CompiledTarget>()
                .ToList();
            if (compiled.Count > 0)
            {
                return (Serve(row, compiled), new(ModelState.Served, row.Version, problems));
            }
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or ArgumentException
                        or FormatException
                        or InvalidOperationException
                        or NotSupportedException
            )
        {
            // A row of a later build, or one that was changed by hand.
            problems.Add($"It cannot be read: {e.Message}");
        }

        return (null, new(ModelState.Quarantined, row.Version, problems));
    }

    private ServedModel Serve(VirtualModelRow row, List<CompiledTarget> compiled)
    {
        var model = new VirtualModel(
            row.Name,
            Enum.Parse<RoutingStrategy>(row.Strategy),
            [.. Comparable(compiled)],
            row.Attempts,
            row.FallbackOnRefusal
        );
        var fingerprint = FingerprintOf(model);
        if (
            !_routers.TryGetValue(row.Id, out var known)
            || !known.Fingerprint.AsSpan().SequenceEqual(fingerprint)
        )
        {
#pragma warning disable CA5394 // Spreads load; nobody gains by guessing it.
            known = (
                fingerprint,
                new Router(
                    model,
                    options.Value,
                    time,
                    Random.Shared.NextDouble,
                    key => _keys.Of(row.TeamId, key)
                )
            );
#pragma warning restore CA5394
            _routers[row.Id] = known;
        }

        return new()
        {
            Router = known.Router,
            Prices = compiled
                .GroupBy(c => c.Target.Deployment.Name, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.First().Prices, StringComparer.Ordinal),
            CacheFor = row.CacheSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    // Costs are compared within one currency, the first target's; others count as the dearest.
    private static IEnumerable<Target> Comparable(List<CompiledTarget> compiled)
    {
        var currency = compiled.Find(c => c.Currency is not null)?.Currency;
        return compiled.Select(c =>
            c.Currency == currency ? c.Target : c.Target with { Cost = null }
        );
    }

    // Of everything in it, keys included: a hash, so that no further copy of a key is kept.
    private static byte[] FingerprintOf(VirtualModel model)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(model);
        var hash = SHA256.HashData(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return hash;
    }
}

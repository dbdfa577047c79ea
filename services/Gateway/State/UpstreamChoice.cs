using System.Collections.Frozen;
using ApiSvc.Gateway.Upstreams;

namespace ApiSvc.Gateway.State;

/// <summary>Takes turns by weight and leaves out addresses that fail.</summary>
internal sealed class UpstreamChoice : IUpstreamChoice
{
    private readonly UpstreamGroup _group;
    private readonly FrozenDictionary<UpstreamTarget, UpstreamAddressState> _addresses;
    private readonly FrozenDictionary<UpstreamAddressState, UpstreamTarget> _targets;

    private UpstreamChoice(
        UpstreamGroup group,
        IReadOnlyDictionary<Uri, UpstreamAddressState> addresses
    )
    {
        _group = group;
        _addresses = group.Targets.ToFrozenDictionary(t => t, t => addresses[t.Url]);
        _targets = _addresses.ToFrozenDictionary(a => a.Value, a => a.Key);
    }

    /// <param name="addresses">At least one.</param>
    /// <param name="time">The clock.</param>
    /// <param name="before">What this takes the place of: what is known of addresses that stay is kept.</param>
    public static UpstreamChoice Of(
        IReadOnlyList<(UpstreamAddressState Address, Uri Url, int Weight)> addresses,
        TimeProvider time,
        IUpstreamChoice? before
    )
    {
        var distinct = addresses.DistinctBy(a => a.Url).ToList();
        return new(
            UpstreamGroup.Create(
                [.. distinct.Select(a => new WeightedAddress(a.Url, a.Weight))],
                PassiveHealth.Default,
                time,
                (before as UpstreamChoice)?._group
            ),
            distinct.ToDictionary(a => a.Url, a => a.Address)
        );
    }

    public UpstreamAddressState Pick() => _addresses[_group.Pick()];

    public void Report(UpstreamAddressState address, UpstreamOutcome outcome) =>
        _group.Report(_targets[address], outcome);
}

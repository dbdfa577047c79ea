namespace KafkaBroker.Groups;

/// <summary>Where a group is in dividing its work anew.</summary>
internal enum GroupState
{
    /// <summary>No members; there may be offsets.</summary>
    Empty,

    /// <summary>Waits for the members to join (again).</summary>
    PreparingRebalance,

    /// <summary>All have joined; waits for the leader to say who does what.</summary>
    CompletingRebalance,

    /// <summary>Everyone has their part.</summary>
    Stable,
}

namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// Which replica of a resource the work at hand is for. What a replica says of its own endpoints (variables, health
/// checks) is then of its own ports.
/// </summary>
internal static class ReplicaScope
{
    private static readonly AsyncLocal<(IResource Resource, int Index)> Current = new();

    public static void Enter(IResource resource, int index) => Current.Value = (resource, index);

    public static int IndexOf(IResource resource) =>
        ReferenceEquals(Current.Value.Resource, resource) ? Current.Value.Index : 0;
}

namespace Grpc.Net.ClientFactory.Invokers;

/// <summary>The clients that were added.</summary>
internal sealed class ClientNames
{
    private readonly Dictionary<string, Type> _types = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">The name is taken by a client of another type.</exception>
    public void Add(string name, Type type)
    {
        if (!_types.TryAdd(name, type) && _types[name] != type)
        {
            throw new InvalidOperationException(
                $"The gRPC client factory already has a registered client with the name '{name}', bound to the type '{_types[name].FullName}'."
            );
        }
    }

    public bool Contains(string name, Type type) =>
        _types.TryGetValue(name, out var known) && known == type;
}

using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Grpc.Reflection;

/// <summary>What both versions of the protocol answer.</summary>
internal sealed class Answers(IEnumerable<string> services, SymbolRegistry symbols)
{
    public IReadOnlyList<string> Services { get; } = [.. services.Order(StringComparer.Ordinal)];

    /// <summary>The file and all that it imports; null if it is not known.</summary>
    public IReadOnlyList<ByteString>? FileByName(string name) =>
        WithImports(symbols.FileByName(name));

    /// <summary>The file that describes the symbol and all that it imports; null if it is not known.</summary>
    public IReadOnlyList<ByteString>? FileContainingSymbol(string symbol) =>
        WithImports(symbols.FileContainingSymbol(symbol));

    private static List<ByteString>? WithImports(FileDescriptor? file)
    {
        if (file is null)
        {
            return null;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var found = new List<ByteString>();
        var open = new Queue<FileDescriptor>([file]);
        while (open.TryDequeue(out var next))
        {
            if (seen.Add(next.Name))
            {
                found.Add(next.SerializedData);
                foreach (var import in next.Dependencies)
                {
                    open.Enqueue(import);
                }
            }
        }

        return found;
    }
}

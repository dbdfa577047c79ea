using Google.Protobuf.Reflection;

namespace Grpc.Reflection;

/// <summary>Finds the files that describe services, by name and by what they describe.</summary>
public class SymbolRegistry
{
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);

    private SymbolRegistry() { }

    /// <summary>Of these files and all that they import.</summary>
    public static SymbolRegistry FromFiles(IEnumerable<FileDescriptor> fileDescriptors)
    {
        ArgumentNullException.ThrowIfNull(fileDescriptors);
        var registry = new SymbolRegistry();
        foreach (var file in fileDescriptors)
        {
            registry.Add(file);
        }

        return registry;
    }

    /// <summary>The file of this name, or null.</summary>
    internal FileDescriptor? FileByName(string filename) => _files.GetValueOrDefault(filename);

    /// <summary>The file that describes what has this full name, or null.</summary>
    internal FileDescriptor? FileContainingSymbol(string symbol) =>
        _symbols.GetValueOrDefault(symbol);

    private void Add(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var import in file.Dependencies)
        {
            Add(import);
        }

        foreach (var service in file.Services)
        {
            _symbols[service.FullName] = file;
            foreach (var method in service.Methods)
            {
                _symbols[method.FullName] = file;
            }
        }

        foreach (var type in file.EnumTypes)
        {
            Add(type);
        }

        foreach (var type in file.MessageTypes)
        {
            Add(type);
        }
    }

    private void Add(MessageDescriptor message)
    {
        _symbols[message.FullName] = message.File;
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            _symbols[field.FullName] = message.File;
        }

        foreach (var type in message.EnumTypes)
        {
            Add(type);
        }

        foreach (var nested in message.NestedTypes)
        {
            Add(nested);
        }
    }

    private void Add(EnumDescriptor type)
    {
        _symbols[type.FullName] = type.File;
        foreach (var value in type.Values)
        {
            _symbols[value.FullName] = type.File;
        }
    }
}

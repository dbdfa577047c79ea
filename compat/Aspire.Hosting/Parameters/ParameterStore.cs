using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Storage;

namespace Aspire.Hosting.Parameters;

/// <summary>Keeps generated values in <c>parameters.json</c> of the data folder, with mode 0600.</summary>
internal sealed class ParameterStore(DataFolder data)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Lock _gate = new();

    private string File => Path.Combine(data.Path, "parameters.json");

    public string GetOrAdd(string name, ParameterDefault value)
    {
        lock (_gate)
        {
            data.Open();
            var kept = Read();
            if (!kept.TryGetValue(name, out var text))
            {
                text = value.GetDefaultValue();
                kept[name] = text;
                PrivateFile.Write(File, JsonSerializer.Serialize(kept, Indented));
            }

            return text;
        }
    }

    private SortedDictionary<string, string> Read()
    {
        if (!System.IO.File.Exists(File))
        {
            return new(StringComparer.Ordinal);
        }

        try
        {
            return JsonSerializer.Deserialize<SortedDictionary<string, string>>(
                System.IO.File.ReadAllText(File)
            )!;
        }
        catch (JsonException e)
        {
            throw new DistributedApplicationException(
                $"{File} is not valid JSON: {e.Message} It holds the passwords of the data beside it: mend it, or delete the data folder.",
                e
            );
        }
    }
}

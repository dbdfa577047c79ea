using ApiSvc.AiAdapter.Providers;

namespace ApiSvc.AiAdapter.Catalogue;

/// <summary>The data that come with the program: what is used until an operator gives other ones.</summary>
internal static class BuiltInData
{
    public static ModelCatalogue Models() =>
        Required(CatalogueReader.Read(Resource("Catalogue.models.json")), "models.json");

    public static IReadOnlyDictionary<string, ProviderConfig> Providers() =>
        Required(ProviderReader.Read(Resource("Providers.providers.json")), "providers.json");

    private static T Required<T>((T? Data, IReadOnlyList<DataProblem> Problems) read, string name)
        where T : class =>
        read.Data
        ?? throw new InvalidOperationException(
            $"{name}: {string.Join("; ", read.Problems.Select(problem => $"{problem.Path}: {problem.Message}"))}"
        );

    private static byte[] Resource(string name)
    {
        var assembly = typeof(BuiltInData).Assembly;
        using var stream =
            assembly.GetManifestResourceStream($"ApiSvc.AiAdapter.{name}")
            ?? throw new InvalidOperationException($"The program holds no {name}.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}

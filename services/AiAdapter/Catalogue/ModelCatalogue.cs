namespace ApiSvc.AiAdapter.Catalogue;

/// <summary>All models and their other names, as one state that is replaced whole.</summary>
internal sealed class ModelCatalogue
{
    private readonly Dictionary<string, Model> _found;

    public ModelCatalogue(IReadOnlyList<Model> models, IReadOnlyDictionary<string, string> aliases)
    {
        Models = models;
        Aliases = aliases;
        _found = new(StringComparer.Ordinal);
        foreach (var model in models)
        {
            // A plain id means the first provider that has it: the catalogue lists a model's maker first.
            _found.TryAdd(model.Key, model);
            _found.TryAdd(model.Id, model);
        }

        foreach (var (alias, target) in aliases)
        {
            _found.TryAdd(alias, _found[target]);
        }
    }

    public IReadOnlyList<Model> Models { get; }

    public IReadOnlyDictionary<string, string> Aliases { get; }

    /// <summary>By <c>provider/id</c>, by id, or by alias; null if there is none.</summary>
    public Model? Find(string name) => _found.GetValueOrDefault(name);
}

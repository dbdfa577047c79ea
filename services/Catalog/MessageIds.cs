using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.Catalog;

/// <summary>Reads ids in messages; a wrong one is a violation at its field.</summary>
internal static class MessageIds
{
    /// <exception cref="ApiProblemException">It has another form.</exception>
    public static Id<TKind> Read<TKind>(string text, string field)
        where TKind : IIdKind =>
        Id<TKind>.TryParse(text, out var id)
            ? id
            : throw new ApiProblemException(ApiProblem.Invalid(Wrong<TKind>(field)));

    /// <returns>Null where the field is empty.</returns>
    /// <exception cref="ApiProblemException">It has another form.</exception>
    public static Guid? ReadOptional<TKind>(string text, string field)
        where TKind : IIdKind => text.Length == 0 ? null : Read<TKind>(text, field).Value;

    /// <exception cref="ApiProblemException">Some have another form; all are named.</exception>
    public static IReadOnlyList<Id<TKind>> Read<TKind>(IReadOnlyList<string> texts, string field)
        where TKind : IIdKind
    {
        var read = new List<Id<TKind>>(texts.Count);
        var wrong = new List<Violation>();
        foreach (var (index, text) in texts.Index())
        {
            if (Id<TKind>.TryParse(text, out var id))
            {
                read.Add(id);
            }
            else
            {
                wrong.Add(Wrong<TKind>($"{field}[{index}]"));
            }
        }

        return wrong.Count == 0 ? read : throw new ApiProblemException(ApiProblem.Invalid(wrong));
    }

    private static Violation Wrong<TKind>(string field)
        where TKind : IIdKind =>
        new(field, "invalid_id", $"Give an id that starts with '{TKind.Prefix}_'.");
}

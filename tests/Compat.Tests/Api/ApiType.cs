namespace ApiSvc.Compat.Tests.Api;

/// <summary>
/// A public type and its members in the words of <c>compat/api/README.md</c>, whether rendered from an
/// assembly or read from a file.
/// </summary>
/// <param name="Head">The type's line up to its bases, as <c>public sealed class A.B&lt;T&gt;</c>.</param>
/// <param name="Bases">What stands after the colon: base class and interfaces.</param>
/// <param name="Constraints">The <c>where</c> clauses, or an empty text.</param>
/// <param name="Members">One line per member.</param>
internal sealed record ApiType(
    string Head,
    IReadOnlyList<string> Bases,
    string Constraints,
    IReadOnlyList<string> Members
)
{
    public string Line =>
        Head
        + (Bases.Count > 0 ? $" : {string.Join(", ", Bases)}" : "")
        + (Constraints.Length > 0 ? $" {Constraints}" : "");
}

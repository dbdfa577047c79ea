using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.SampleService.Notes;

/// <summary>A note.</summary>
internal sealed class NoteKind : IIdKind
{
    public static string Prefix => "note";
}

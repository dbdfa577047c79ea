using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.SampleService.Notes;

/// <summary>A note as it is shown.</summary>
internal sealed record NoteDocument(Id<NoteKind> Id, Id<TeamKind> TeamId, string Text);

/// <summary>A note as it is given.</summary>
internal sealed record NoteInput
{
    [StringLength(1000, MinimumLength = 1)]
    public required string Text { get; init; }
}

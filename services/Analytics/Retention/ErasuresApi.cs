using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.Analytics.Retention;

/// <summary>Erasure of a person's calls over REST.</summary>
internal static class ErasuresApi
{
    public static void MapErasures(this WebApplication app) =>
        app.MapPost("/v1/platform/erasures", EraseAsync)
            .RequirePermission("calls.erase", Team.Platform);

    private static Task<ErasureDocument> EraseAsync(
        Body<ErasureInput> body,
        Actor actor,
        SubjectErasure erasure,
        CancellationToken cancellationToken
    ) => erasure.EraseAsync(body.Value, actor, cancellationToken);
}

/// <summary>Whose calls: by one of both.</summary>
internal sealed record ErasureInput : IValidatableObject
{
    /// <summary>The user that calls were made as.</summary>
    [StringLength(512, MinimumLength = 1)]
    public string? User { get; init; }

    /// <summary>The address that calls came from, as it is recorded.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? ClientAddress { get; init; }

    internal string Subject => User ?? ClientAddress ?? "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (User is null == ClientAddress is null)
        {
            yield return new("Give either user or clientAddress.", [nameof(User)]);
        }

        if (Subject.Contains('\0', StringComparison.Ordinal))
        {
            yield return new("Must not contain the character U+0000.", [nameof(User)]);
        }
    }
}

using System.Buffers.Text;
using System.Text.Json;
using ApiSvc.ServiceDefaults.Sealing;

namespace ApiSvc.Identity.Pages;

/// <summary>
/// What a page's form carries in a hidden field: sealed for one purpose and one session, so that no other site can make a
/// browser send a form that this service did not show to its user (cross-site request forgery).
/// </summary>
internal sealed class FormSeal(ISealer sealer, TimeProvider time)
{
    /// <summary>The field's name.</summary>
    public const string Field = "form";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public string Seal(string purpose, Guid session, string content)
    {
        var sealedForm = new SealedForm(time.GetUtcNow() + Lifetime, content);
        return Base64Url.EncodeToString(
            sealer.Seal(At(purpose, session), JsonSerializer.SerializeToUtf8Bytes(sealedForm))
        );
    }

    /// <returns>Null if this was not made here, for another purpose or session, or too long ago.</returns>
    public string? Open(string purpose, Guid session, string? field)
    {
        if (string.IsNullOrEmpty(field) || !Base64Url.IsValid(field))
        {
            return null;
        }

        var opened = sealer.Open(At(purpose, session), Base64Url.DecodeFromChars(field));
        return
            opened.Value is { } value
            && JsonSerializer.Deserialize<SealedForm>(value) is { } form
            && time.GetUtcNow() < form.ExpiresAt
            ? form.Content
            : null;
    }

    // No table has it: the place keeps forms apart from what is stored.
    private static SealedPlace At(string purpose, Guid session) => new("forms", session, purpose);

    private sealed record SealedForm(DateTimeOffset ExpiresAt, string Content);
}

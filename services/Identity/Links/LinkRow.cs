using System.Text.Json;

namespace ApiSvc.Identity.Links;

/// <summary>A link that was sent by e-mail, as long as it is good.</summary>
/// <param name="UserId">Whose it is, if there is a user.</param>
/// <param name="Content">What it is about, as JSON.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record LinkRow(Guid? UserId, string Content, DateTime CreatedAt)
{
    public T Read<T>() => JsonSerializer.Deserialize<T>(Content)!;
}

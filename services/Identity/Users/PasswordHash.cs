using Microsoft.AspNetCore.Identity;

namespace ApiSvc.Identity.Users;

/// <summary>Passwords at rest, by ASP.NET Core Identity's hasher (PBKDF2, salted, its parameters in the hash).</summary>
internal static class PasswordHash
{
    // The hasher knows the user only as a type argument.
    private static readonly PasswordHasher<UserRow> Hasher = new();

    // Of nobody's password: judging one takes as long whether there is a user or not.
    private static readonly string Nobodys = Of(Guid.NewGuid().ToString());

    public static string Of(string password) => Hasher.HashPassword(null!, password);

    public static bool Verify(string hash, string password) =>
        Hasher.VerifyHashedPassword(null!, hash, password) != PasswordVerificationResult.Failed;

    /// <param name="hash">Null if there is no such user, or none with a password; the answer is then no.</param>
    /// <param name="password">As entered.</param>
    /// <param name="isOutdated">Whether the hash should be made again, by today's parameters.</param>
    public static bool Verify(string? hash, string password, out bool isOutdated)
    {
        var result = Hasher.VerifyHashedPassword(null!, hash ?? Nobodys, password);
        isOutdated = result == PasswordVerificationResult.SuccessRehashNeeded;
        return hash is not null && result != PasswordVerificationResult.Failed;
    }
}

using Microsoft.AspNetCore.Identity;

namespace ApiSvc.Identity.Users;

/// <summary>Passwords at rest, by ASP.NET Core Identity's hasher (PBKDF2, salted, its parameters in the hash).</summary>
internal static class PasswordHash
{
    // The hasher knows the user only as a type argument.
    private static readonly PasswordHasher<UserRow> Hasher = new();

    public static string Of(string password) => Hasher.HashPassword(null!, password);

    public static bool Verify(string hash, string password) =>
        Hasher.VerifyHashedPassword(null!, hash, password) != PasswordVerificationResult.Failed;
}

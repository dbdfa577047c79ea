using ApiSvc.Identity.Pages;

namespace ApiSvc.Identity.Passwords;

/// <summary>A new password as it is entered: twice, since nobody sees it.</summary>
internal static class NewPassword
{
    public static Field[] Fields(string name, string again, string? fault) =>
        [
            Field.NewPassword(name, "New password", fault),
            new Field(again, "The new password again")
            {
                Type = "password",
                AutoComplete = "new-password",
                Longest = Rules.Words.LongestPassword,
            },
        ];

    public static string? FindFault(
        string password,
        string? again,
        params IEnumerable<string?> about
    ) =>
        PasswordRule.FindFault(password, about)
        ?? (password == again ? null : "Is not the same both times.");
}

using System.Text.RegularExpressions;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Passwords;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Users;

namespace ApiSvc.Identity.Registration;

/// <summary>An account as somebody wants it who has proved an e-mail address.</summary>
/// <param name="Login">What it is to be called.</param>
/// <param name="Name">Who it is.</param>
/// <param name="Faults">Field → what is wrong with it.</param>
internal sealed record NewAccount(
    string Login,
    string Name,
    IReadOnlyDictionary<string, string> Faults
)
{
    public const string Password = "new-password";

    private const string LoginField = "login";
    private const string NameField = "name";
    private const string Again = "new-password-again";

    public static NewAccount Read(IFormCollection fields, string email)
    {
        var login = SignInUser.Normalize(fields[LoginField].ToString());
        var name = fields[NameField].ToString().Trim();
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!Regex.IsMatch(login, Words.Login, RegexOptions.None, TimeSpan.FromSeconds(1)))
        {
            faults[LoginField] = "Must be 1 to 100 of a-z, 0-9 and . _ @ -";
        }
        else if (
            login.Contains('@', StringComparison.Ordinal)
            && login != SignInUser.Normalize(email)
        )
        {
            // Else people would be taken for who they are not.
            faults[LoginField] = "May be no other e-mail address than your own.";
        }

        if (name.Length is 0 or > Words.LongestName || name.Any(char.IsControl))
        {
            faults[NameField] = $"Must have 1 to {Words.LongestName} characters.";
        }

        var fault = NewPassword.FindFault(
            fields[Password].ToString(),
            fields[Again],
            login,
            name,
            email
        );
        if (fault is not null)
        {
            faults[Password] = fault;
        }

        return new(login, name, faults);
    }

    public NewAccount WithLoginTaken() =>
        this with
        {
            Faults = new Dictionary<string, string>(Faults, StringComparer.Ordinal)
            {
                [LoginField] = "Somebody else has this login. Take another one.",
            },
        };

    public Field[] Fields() =>
        [
            new(NameField, "Your name")
            {
                Value = Name,
                AutoComplete = "name",
                Longest = Words.LongestName,
                Error = Faults.GetValueOrDefault(NameField),
            },
            new(LoginField, "Login")
            {
                Value = Login,
                AutoComplete = "username",
                Longest = 100,
                Hint =
                    "What you sign in with: small letters, digits, dots, underscores and hyphens",
                Error = Faults.GetValueOrDefault(LoginField),
            },
            .. NewPassword.Fields(Password, Again, Faults.GetValueOrDefault(Password)),
        ];
}

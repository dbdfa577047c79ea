using ApiSvc.Identity.Pages;

namespace ApiSvc.Identity.SignIn;

/// <summary>What people see who sign in.</summary>
internal static class SignInPages
{
    public const string Login = "login";
    public const string Password = "password";
    public const string Code = "code";

    /// <param name="sealedForm">Made for this browser.</param>
    /// <param name="returnPath">Where it goes on.</param>
    /// <param name="offers">What else there is.</param>
    /// <param name="login">As entered before.</param>
    /// <param name="fault">What was wrong.</param>
    public static Page Ask(
        string sealedForm,
        string returnPath,
        SignInOffers offers,
        string login = "",
        string? fault = null
    ) =>
        new(
            "Sign in",
            Html.Of(
                $"""
                {Form.Fault(fault)}{Form.Of(
                    ReturnPath.With(SignInEndpoints.Path, returnPath),
                    sealedForm,
                    "Sign in",
                    new Field(Login, "Login or e-mail address") { Value = login, AutoComplete = "username" },
                    new Field(Password, "Password") { Type = "password", AutoComplete = "current-password" }
                )}{Providers(offers, returnPath)}<p class="links"><a href="/password/forgotten">Forgot your password?</a>{(
                    offers.CanRegister ? new Html(" · <a href=\"/register\">Register</a>") : Html.Empty
                )}</p>
                """
            )
        )
        {
            FormLeadsTo = ReturnPath.FindClientAddress(returnPath),
        };

    public static Page AskCode(string sealedForm, string returnPath, string? fault = null) =>
        new(
            "Enter your code",
            Html.Of(
                $"""
                {Form.Fault(fault)}<p>Your authenticator app shows a code of six digits for ApiSvc. If you cannot get at it, enter one of your recovery codes.</p>
                {Form.Of(
                    ReturnPath.With(SignInEndpoints.CodePath, returnPath),
                    sealedForm,
                    "Continue",
                    new Field(Code, "Code") { AutoComplete = "one-time-code", Longest = 40 }
                )}<p class="links"><a href="{ReturnPath.With(SignInEndpoints.Path, returnPath)}">Sign in as somebody else</a></p>
                """
            )
        )
        {
            FormLeadsTo = ReturnPath.FindClientAddress(returnPath),
        };

    private static Html Providers(SignInOffers offers, string returnPath) =>
        offers.Providers.Count == 0
            ? Html.Empty
            : Html.Of(
                $"""
                <p class="or">Or go on with</p>
                <div class="stack">
                {Html.Join(
                    offers.Providers.Select(p =>
                        Html.Of(
                            $"<a class=\"button quiet\" href=\"{ReturnPath.With($"/sign-in/external/{p.Id}", returnPath)}\">{p.Name}</a>\n"
                        )
                    )
                )}</div>

                """
            );
}

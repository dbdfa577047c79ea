using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Rules;

namespace ApiSvc.Identity.Authorization;

/// <summary>Asks a user what a client may have.</summary>
internal static class ConsentPage
{
    /// <summary>The button's name, and its value that allows.</summary>
    public const string Decision = "decision";
    public const string Allow = "allow";

    /// <param name="client">Who asks.</param>
    /// <param name="scopes">For what.</param>
    /// <param name="sealedForm">What the form carries.</param>
    /// <param name="action">The path that takes the decision.</param>
    /// <param name="hint">What the user should look at first.</param>
    public static Page Of(
        IssuerClient client,
        IReadOnlyList<string> scopes,
        string sealedForm,
        string action,
        Html hint
    ) =>
        new(
            $"Allow {client.Name} to use your account?",
            Html.Of(
                $"""
                {hint}
                <p>It asks for:</p>
                <ul>
                {Html.Join(scopes.Select(s => Html.Of($"<li>{Words(s)}</li>\n")))}</ul>
                <form method="post" action="{action}">
                <input type="hidden" name="{FormSeal.Field}" value="{sealedForm}">
                <button type="submit" name="{Decision}" value="{Allow}">Allow</button>
                <button type="submit" name="{Decision}" value="refuse">Refuse</button>
                </form>
                """
            )
        );

    private static string Words(string scope) =>
        scope switch
        {
            IdentityScopes.OpenId => "Who you are",
            IdentityScopes.Profile => "Your name and login",
            IdentityScopes.Email => "Your e-mail address",
            IdentityScopes.OfflineAccess => "All this also after you have signed out",
            _ => scope,
        };
}

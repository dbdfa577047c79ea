using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Registration;
using ApiSvc.Identity.Users;

namespace ApiSvc.Identity.Invitations;

/// <summary>What the invited see.</summary>
internal static class InvitationViews
{
    public static Page MakeAccount(
        InvitationRow invitation,
        string sealedForm,
        string signInUrl,
        NewAccount account
    ) =>
        new(
            $"Join {invitation.TeamName}",
            Html.Of(
                $"""
                <p>You are invited as {string.Join(
                    ", ",
                    invitation.Roles
                )}. If you have an account already, <a href="{signInUrl}">sign in and join with it</a>. Otherwise make one for <strong>{invitation.Email}</strong>:</p>
                {Form.Of(
                    InvitationPages.Path,
                    sealedForm,
                    "Make the account and join",
                    account.Fields()
                )}
                """
            )
        );

    public static Page Join(
        InvitationRow invitation,
        SignInUser account,
        string sealedForm,
        string signInUrl
    ) =>
        new(
            $"Join {invitation.TeamName}?",
            Html.Of(
                $"""
                <p>You are invited as {string.Join(
                    ", ",
                    invitation.Roles
                )}, and signed in as <strong>{account.Login}</strong>.</p>
                {Form.Of(
                    InvitationPages.JoinPath,
                    sealedForm,
                    "Join the team"
                )}<p class="links"><a href="{signInUrl}">Sign in as somebody else</a></p>
                """
            )
        );
}

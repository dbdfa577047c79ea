using System.Globalization;
using ApiSvc.Identity.ExternalSignIn;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.SecondFactor;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.Users;

namespace ApiSvc.Identity.Account;

/// <summary>What the account's page shows beside the user.</summary>
internal sealed record AccountState(
    IReadOnlyList<SessionRow> Sessions,
    IReadOnlyList<ClientWithAccess> Clients,
    bool HasSecondFactor,
    int RecoveryCodes,
    bool HasProviders
);

internal static class AccountPage
{
    private static readonly Dictionary<string, string> Notices = new(StringComparer.Ordinal)
    {
        ["name"] = "Your name was changed.",
        ["email-sent"] = "We sent a link to the new address. The address changes when you open it.",
        ["email"] = "Your e-mail address was changed.",
        ["password"] = "Your password was changed. Your other sessions were ended.",
        ["second-factor-off"] = "Two-step sign-in is off.",
        ["session"] = "The session was ended.",
        ["client"] = "The application has no access any more.",
        ["invitation"] = "You are in the team now.",
        ["login"] = "The way to sign in was added.",
        ["login-removed"] = "The way to sign in was removed.",
    };

    public static Page Of(
        SignInUser account,
        SignedInUser user,
        AccountState state,
        AccountGate gate,
        string? done
    ) =>
        new(
            "Your account",
            Html.Of(
                $"""
                {Form.Notice(Notices.GetValueOrDefault(done ?? ""))}{Profile(account, user, gate)}
                {SignIn(account, state)}
                {Sessions(user, state.Sessions, gate)}
                {Clients(user, state.Clients, gate)}
                <h2>Leave</h2>
                {Form.Button(
                    AccountEndpoints.SignOutPath,
                    gate.Seal(user, AccountEndpoints.SignOutPath),
                    "Sign out",
                    Html.Empty
                )}
                """
            )
        )
        {
            IsWide = true,
        };

    private static Html Profile(SignInUser account, SignedInUser user, AccountGate gate) =>
        Html.Of(
            $"""
            <p>You are signed in as <strong>{account.Login}</strong>.</p>
            {Form.Of(
                AccountEndpoints.NamePath,
                gate.Seal(user, AccountEndpoints.NamePath),
                "Change the name",
                new Field("name", "Name") { Value = account.Name, AutoComplete = "name", Longest = Rules.Words.LongestName }
            )}<p>E-mail address: {(account.Email.Length > 0 ? account.Email : "none")} · <a href="{EmailPages.Path}">Change the e-mail address</a></p>
            """
        );

    private static Html SignIn(SignInUser account, AccountState state) =>
        Html.Of(
            $"""
            <h2>Signing in</h2>
            <ul class="rows">
            <li><span>Password<br><span class="muted">{(
                account.PasswordHash is null
                    ? "You have none."
                    : "Changing it ends your other sessions."
            )}</span></span> <a href="{PasswordPages.Path}">{(
                account.PasswordHash is null ? "Set a password" : "Change the password"
            )}</a></li>
            <li><span>Two-step sign-in<br><span class="muted">{(
                state.HasSecondFactor
                    ? $"On. {state.RecoveryCodes} of {RecoveryCode.Count} recovery codes are left."
                    : "Off. With it, a password alone lets nobody in."
            )}</span></span> <a href="{SecondFactorPages.Path}">{(
                state.HasSecondFactor ? "Manage two-step sign-in" : "Set up two-step sign-in"
            )}</a></li>
            {(state.HasProviders ? Html.Of($"<li><span>Other ways to sign in</span> <a href=\"{LoginPages.Path}\">Manage other ways</a></li>\n") : Html.Empty)}</ul>
            """
        );

    private static Html Sessions(
        SignedInUser user,
        IReadOnlyList<SessionRow> sessions,
        AccountGate gate
    )
    {
        var form = gate.Seal(user, AccountEndpoints.EndSessionPath);
        return Html.Of(
            $"""
            <h2>Where you are signed in</h2>
            <ul class="rows">
            {Html.Join(sessions.Select(s => SessionItem(s, user, form)))}</ul>
            <p class="hint">Applications lose at once what you gave them in a session that ends, unless you allowed them to go on after you have signed out.</p>
            {Form.Button(
                AccountEndpoints.EndAllPath,
                gate.Seal(user, AccountEndpoints.EndAllPath),
                "Sign out everywhere",
                Html.Empty
            )}
            """
        );
    }

    private static Html SessionItem(SessionRow session, SignedInUser user, string form) =>
        Html.Of(
            $"""
            <li><span>{session.Browser}<br><span class="muted">{session.Address ?? "unknown address"}, last used {Time(session.SeenAt)}, since {Time(session.CreatedAt)}</span></span> {(
                session.Id == user.SessionId
                    ? new Html("<strong>This browser</strong>")
                    : Form.Button(
                        AccountEndpoints.EndSessionPath,
                        form,
                        "End",
                        Html.Of($"<input type=\"hidden\" name=\"session\" value=\"{session.Id.ToString("N")}\">")
                    )
            )}</li>

            """
        );

    private static Html Clients(
        SignedInUser user,
        IReadOnlyList<ClientWithAccess> clients,
        AccountGate gate
    )
    {
        var form = gate.Seal(user, AccountEndpoints.WithdrawPath);
        return Html.Of(
            $"""
            <h2>Applications with access</h2>
            {(
                clients.Count == 0
                    ? new Html("<p>No application may use your account.</p>")
                    : Html.Of($"<ul class=\"rows\">\n{Html.Join(clients.Select(c => ClientItem(c, form)))}</ul>")
            )}
            """
        );
    }

    private static Html ClientItem(ClientWithAccess client, string form) =>
        Html.Of(
            $"""
            <li><span>{client.Name}<br><span class="muted">since {Time(client.Since)}</span></span> {Form.Button(
                AccountEndpoints.WithdrawPath,
                form,
                "Withdraw access",
                Html.Of($"<input type=\"hidden\" name=\"client\" value=\"{client.Id}\">")
            )}</li>

            """
        );

    private static string Time(DateTime time) =>
        time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

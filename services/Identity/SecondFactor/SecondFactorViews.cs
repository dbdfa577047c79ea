using ApiSvc.Identity.Account;
using ApiSvc.Identity.Pages;

namespace ApiSvc.Identity.SecondFactor;

/// <summary>What users see of their second factor.</summary>
internal static class SecondFactorViews
{
    private static readonly Html Back = Html.Of(
        $"<p class=\"links\"><a href=\"{AccountEndpoints.Path}\">Back to your account</a></p>"
    );

    public static Page SetUp(string sealedForm, byte[] seed, string login, string? fault) =>
        new(
            "Set up two-step sign-in",
            Html.Of(
                $"""
                <p>1. Scan this with an authenticator app on your phone.</p>
                {QrImage.Of(SeedText.AddressOf(seed, login), "QR code for an authenticator app. The key below says the same.")}
                <p>If you cannot scan it, enter this key by hand: <code>{SeedText.Grouped(seed)}</code></p>
                <p>2. Enter the code that the app shows then. From now on you are asked for one when you sign in.</p>
                {Form.Of(
                    SecondFactorPages.Path,
                    sealedForm,
                    "Turn on",
                    new Field("code", "Code of six digits") { AutoComplete = "one-time-code", IsNumber = true, Error = fault, Longest = 10 }
                )}{Back}
                """
            )
        );

    /// <param name="renewForm">For new recovery codes.</param>
    /// <param name="offForm">To turn it off.</param>
    /// <param name="left">How many recovery codes are left, where it is known.</param>
    /// <param name="fault">What was wrong with the code that was entered.</param>
    public static Page On(string renewForm, string offForm, int? left, string? fault) =>
        new(
            "Two-step sign-in is on",
            Html.Of(
                $"""
                <h2>Recovery codes</h2>
                <p>{(left is null ? "" : $"{left} of {RecoveryCode.Count} are left. ")}Each lets you in once when you have lost your authenticator. New ones replace all that you have.</p>
                {Form.Button(SecondFactorPages.RecoveryPath, renewForm, "Make new recovery codes", Html.Empty)}
                <h2>Turn it off</h2>
                {Form.Of(
                    SecondFactorPages.OffPath,
                    offForm,
                    "Turn off",
                    new Field("code", "A code of your app, or a recovery code") { AutoComplete = "one-time-code", Error = fault, Longest = 40 }
                )}{Back}
                """
            )
        );

    public static Page Codes(string title, IReadOnlyList<string> codes) =>
        new(
            title,
            Html.Of(
                $"""
                <p>Keep these recovery codes where you find them without your phone. Each lets you in once. <strong>They are not shown again.</strong></p>
                <ul class="codes">
                {Html.Join(codes.Select(c => Html.Of($"<li>{c}</li>\n")))}</ul>
                <p class="links"><a class="button" href="{AccountEndpoints.Path}">I have kept them</a></p>
                """
            )
        );
}

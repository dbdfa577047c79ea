namespace ApiSvc.Identity.Pages;

/// <summary>A field of a form, with what it is called.</summary>
/// <param name="Name">As it is sent.</param>
/// <param name="Label">As people read it.</param>
internal sealed record Field(string Name, string Label)
{
    public string Type { get; init; } = "text";

    public string Value { get; init; } = "";

    /// <summary>What browsers and password managers fill in (HTML standard, section 4.10.18.7).</summary>
    public string AutoComplete { get; init; } = "off";

    /// <summary>What the user should know before.</summary>
    public string? Hint { get; init; }

    /// <summary>What is wrong with what was entered.</summary>
    public string? Error { get; init; }

    public int Longest { get; init; } = 254;

    /// <summary>Whether a keyboard of digits is shown.</summary>
    public bool IsNumber { get; init; }

    public static Field NewPassword(string name, string label, string? error = null) =>
        new(name, label)
        {
            Type = "password",
            AutoComplete = "new-password",
            Hint = Passwords.PasswordRule.Hint,
            Error = error,
            Longest = Rules.Words.LongestPassword,
        };

    public Html ToHtml()
    {
        var described = (Hint, Error) switch
        {
            (null, null) => Html.Empty,
            (_, null) => Html.Of($" aria-describedby=\"{Name}-hint\""),
            (null, _) => Html.Of($" aria-describedby=\"{Name}-error\" aria-invalid=\"true\""),
            _ => Html.Of($" aria-describedby=\"{Name}-error {Name}-hint\" aria-invalid=\"true\""),
        };
        return Html.Of(
            $"""
            <div class="field">
            <label for="{Name}">{Label}</label>
            {Note(Error, "error")}{Note(Hint, "hint")}
            <input id="{Name}" name="{Name}" type="{Type}" value="{Value}" maxlength="{Longest}" required autocomplete="{AutoComplete}" autocapitalize="none" spellcheck="false"{described}{(
                IsNumber ? new Html(" inputmode=\"numeric\"") : Html.Empty
            )}>
            </div>

            """
        );
    }

    private Html Note(string? text, string kind) =>
        text is null
            ? Html.Empty
            : Html.Of($"<p class=\"{kind}\" id=\"{Name}-{kind}\">{text}</p>\n");
}

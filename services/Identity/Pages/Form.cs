namespace ApiSvc.Identity.Pages;

/// <summary>A form that comes back to this service.</summary>
internal static class Form
{
    /// <param name="action">The path that takes it.</param>
    /// <param name="sealedForm">What <see cref="FormSeal"/> made for it.</param>
    /// <param name="button">What its button says.</param>
    /// <param name="fields">What is entered.</param>
    public static Html Of(
        string action,
        string sealedForm,
        string button,
        params IEnumerable<Field> fields
    ) =>
        Html.Of(
            $"""
            <form method="post" action="{action}">
            <input type="hidden" name="{FormSeal.Field}" value="{sealedForm}">
            {Html.Join(fields.Select(f => f.ToHtml()))}<button type="submit">{button}</button>
            </form>

            """
        );

    /// <summary>One with just a button beside something.</summary>
    public static Html Button(string action, string sealedForm, string button, Html more) =>
        Html.Of(
            $"""
            <form method="post" action="{action}">
            <input type="hidden" name="{FormSeal.Field}" value="{sealedForm}">
            {more}<button type="submit" class="quiet">{button}</button>
            </form>

            """
        );

    /// <summary>What went wrong with the whole of it.</summary>
    public static Html Fault(string? text) =>
        text is null ? Html.Empty : Html.Of($"<p class=\"error\" role=\"alert\">{text}</p>\n");

    /// <summary>What went well.</summary>
    public static Html Notice(string? text) =>
        text is null ? Html.Empty : Html.Of($"<p class=\"notice\" role=\"status\">{text}</p>\n");
}

using System.Globalization;
using System.Text.Encodings.Web;

namespace ApiSvc.Identity.Pages;

/// <summary>A piece of HTML.</summary>
internal readonly record struct Html(string Text)
{
    public static Html Empty { get; } = new("");

    /// <summary>Markup with values in it, each encoded unless it is <see cref="Html"/> itself.</summary>
    public static Html Of(FormattableString markup) =>
        new(
            string.Format(
                CultureInfo.InvariantCulture,
                markup.Format,
                [.. markup.GetArguments().Select(object? (a) => Encode(a))]
            )
        );

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts));

    public override string ToString() => Text;

    private static string Encode(object? value) =>
        value is Html html
            ? html.Text
            : HtmlEncoder.Default.Encode(
                Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""
            );
}

using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ApiSvc.Catalog.Import.Source;

/// <summary>What a scalar means in JSON, by YAML's core schema (YAML 1.2.2 section 10.3.2).</summary>
internal static partial class YamlScalar
{
    private const string Prefix = "tag:yaml.org,2002:";

    /// <returns>Null: it is text.</returns>
    public static (SourceKind Kind, string Json)? Resolve(Scalar scalar, out bool unknownTag)
    {
        unknownTag = false;
        if (scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific)
        {
            return scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty
                ? OfPlain(scalar.Value)
                : null;
        }

        var tag = scalar.Tag.Value;
        unknownTag = !tag.StartsWith(Prefix, StringComparison.Ordinal);
        return unknownTag || tag[Prefix.Length..] is not ("null" or "bool" or "int" or "float")
            ? null
            : OfPlain(scalar.Value);
    }

    /// <summary>What an unquoted scalar means; null: it is text.</summary>
    public static (SourceKind Kind, string Json)? OfPlain(string value) =>
        value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => (SourceKind.Null, "null"),
            "true" or "True" or "TRUE" => (SourceKind.True, "true"),
            "false" or "False" or "FALSE" => (SourceKind.False, "false"),
            _ => OfNumber(value),
        };

    private static (SourceKind, string)? OfNumber(string value)
    {
        if (!(char.IsAsciiDigit(value[0]) || value[0] is '-' or '+' or '.'))
        {
            return null;
        }

        if (JsonNumber().IsMatch(value))
        {
            return (SourceKind.Number, value);
        }

        if (value.StartsWith("0x", StringComparison.Ordinal) && Hexadecimal().IsMatch(value))
        {
            return (
                SourceKind.Number,
                BigInteger
                    .Parse(
                        "0" + value[2..],
                        NumberStyles.AllowHexSpecifier,
                        CultureInfo.InvariantCulture
                    )
                    .ToString(CultureInfo.InvariantCulture)
            );
        }

        if (value.StartsWith("0o", StringComparison.Ordinal) && Octal().IsMatch(value))
        {
            var number = value[2..]
                .Aggregate(BigInteger.Zero, (sum, digit) => sum * 8 + (digit - '0'));
            return (SourceKind.Number, number.ToString(CultureInfo.InvariantCulture));
        }

        return YamlNumber().IsMatch(value) ? (SourceKind.Number, ToJson(value)) : null;
    }

    // +1, 007, .5, 1. and the like: the same number as JSON writes it.
    private static string ToJson(string value)
    {
        var exponentAt = value.AsSpan().IndexOfAny('e', 'E');
        var exponent = exponentAt < 0 ? "" : value[exponentAt..];
        var digits = (exponentAt < 0 ? value : value[..exponentAt]).TrimStart('+');
        var sign = digits.StartsWith('-') ? "-" : "";
        var parts = digits.TrimStart('-').Split('.');
        var whole = parts[0].TrimStart('0');
        var fraction = parts.Length > 1 && parts[1].Length > 0 ? "." + parts[1] : "";
        return $"{sign}{(whole.Length == 0 ? "0" : whole)}{fraction}{exponent}";
    }

    private const int Milliseconds = 1000;

    [GeneratedRegex(
        "^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        Milliseconds
    )]
    private static partial Regex JsonNumber();

    [GeneratedRegex(
        "^[-+]?([.][0-9]+|[0-9]+([.][0-9]*)?)([eE][-+]?[0-9]+)?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        Milliseconds
    )]
    private static partial Regex YamlNumber();

    // Bounded: turning endless digits into a number takes its square in time.
    [GeneratedRegex("^0x[0-9a-fA-F]{1,64}$", RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex("^0o[0-7]{1,64}$", RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex Octal();
}

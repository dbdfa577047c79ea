using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace ApiSvc.ServiceDefaults.Identifiers;

/// <summary>
/// An identifier: a UUIDv7 in SQL, and outside the service its public form: prefix, <c>_</c>, 26 characters of
/// Crockford's base 32 in small letters (<c>api_01jd3m4k5c6e7f8g9h0j1k2m3n</c>). Public forms of one kind sort as
/// their values do, so roughly by time. Read leniently, as Crockford says: capitals, <c>i</c> and <c>l</c> as 1,
/// <c>o</c> as 0. As a handler's parameter it is a path or query parameter; a wrong one is a violation.
/// </summary>
[JsonConverter(typeof(IdJsonConverterFactory))]
[SuppressMessage(
    "Design",
    "CA1000:Do not declare static members on generic types",
    Justification = "Parsing and binding are static by the framework's contract."
)]
public readonly record struct Id<TKind>(Guid Value)
    : IParsable<Id<TKind>>,
        IEndpointParameterMetadataProvider
    where TKind : IIdKind
{
    /// <summary>The public form.</summary>
    public override string ToString() => $"{TKind.Prefix}_{Base32.Encode(Value)}";

    /// <summary>Reads the public form.</summary>
    /// <exception cref="FormatException">It has another form.</exception>
    public static Id<TKind> Parse(string text) =>
        IdText.Read(TKind.Prefix, text, out var value) is { } wrong
            ? throw new FormatException(wrong)
            : new(value);

    /// <summary>Reads the public form.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Id<TKind> result)
    {
        var right = IdText.Read(TKind.Prefix, text, out var value) is null;
        result = new(value);
        return right;
    }

    static Id<TKind> IParsable<Id<TKind>>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Id<TKind>>.TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out Id<TKind> result
    ) => TryParse(s, out result);

    /// <summary>Reads the path or query parameter of the parameter's name.</summary>
    public static ValueTask<Id<TKind>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parameter);
        var name = NameOf(parameter);
        var inPath = context.Request.RouteValues.TryGetValue(name, out var segment);
        var text = inPath ? segment as string : context.Request.Query[name].ToString();
        if (!inPath && string.IsNullOrEmpty(text) && IsOptional(parameter))
        {
            return new((Id<TKind>?)null);
        }

        if (IdText.Read(TKind.Prefix, text, out var value) is { } wrong)
        {
            var code = string.IsNullOrEmpty(text) ? "required" : "invalid_id";
            RequestViolations
                .Of(context)
                .Add(inPath ? $"path:{name}" : $"query:{name}", code, wrong);
        }

        return new(new Id<TKind>(value));
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        RequestCheck.AddTo(builder);
        var pattern = (builder as Microsoft.AspNetCore.Routing.RouteEndpointBuilder)?.RoutePattern;
        var name = NameOf(parameter);
        var inPath = pattern?.GetParameter(name) is not null;
        builder.Metadata.Add(
            new RequestParameter(
                inPath ? RequestParameterPlace.Path : RequestParameterPlace.Query,
                name,
                typeof(Id<TKind>)
            )
            {
                Required = inPath || !IsOptional(parameter),
            }
        );
    }

    // The property of a record of parameters has a capital, the parameter on the wire has not.
    private static string NameOf(ParameterInfo parameter) =>
        JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);

    private static bool IsOptional(ParameterInfo parameter) =>
        Nullable.GetUnderlyingType(parameter.ParameterType) is not null;
}

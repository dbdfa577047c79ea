namespace ApiSvc.ServiceDefaults.Identifiers;

/// <summary>Reads public forms and says what is wrong with one.</summary>
internal static class IdText
{
    /// <summary>Whether a type is a closed <see cref="Id{TKind}"/>.</summary>
    public static bool IsId(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>);

    /// <summary>The prefix of a closed <see cref="Id{TKind}"/>.</summary>
    public static string PrefixOf(Type id) =>
        (string)id.GetGenericArguments()[0].GetProperty(nameof(IIdKind.Prefix))!.GetValue(null)!;

    /// <returns>Null, or a sentence on what is wrong and what would be right.</returns>
    public static string? Read(string prefix, string? text, out Guid value)
    {
        value = default;
        if (string.IsNullOrEmpty(text))
        {
            return $"Give an id that starts with '{prefix}_'.";
        }

        var underscore = text.IndexOf('_', StringComparison.Ordinal);
        if (
            underscore < 0
            || !text.AsSpan(0, underscore).Equals(prefix, StringComparison.OrdinalIgnoreCase)
        )
        {
            return $"This id must start with '{prefix}_'.";
        }

        return Base32.TryDecode(text.AsSpan(underscore + 1), out value)
            ? null
            : $"After '{prefix}_' come {Base32.Length} characters of Crockford's base 32, the first at most 7.";
    }
}
